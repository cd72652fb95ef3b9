use assize_grammars::{Grammar, parse};
use std::time::Instant;
fn main() {
    let list = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    let mut n = std::collections::BTreeMap::<&str,(usize,usize,f64,usize,f64)>::new();
    for p in list.lines() {
        let (g,k) = match p.rsplit('.').next().unwrap() { "go"=>(Grammar::Go,"go"),"java"=>(Grammar::Java,"java"),"rs"=>(Grammar::Rust,"rs"),"cs"=>(Grammar::CSharp,"cs"), _=>continue};
        let Ok(t)=std::fs::read_to_string(p) else {continue};
        let t0=Instant::now();
        let tree=parse(g,&t);
        let dt=t0.elapsed().as_secs_f64();
        if std::env::var_os("EACH").is_some(){ eprintln!("{p} {:.3} {}",dt,tree.is_some()); }
        if dt>0.02 { let mut h=0usize; let mut parser=tree_sitter::Parser::new(); let l:tree_sitter::Language=match k {"go"=>tree_sitter_go::LANGUAGE,"java"=>tree_sitter_java::LANGUAGE,"rs"=>tree_sitter_rust::LANGUAGE,_=>tree_sitter_c_sharp::LANGUAGE}.into(); parser.set_language(&l).unwrap(); let mut c=|_:&tree_sitter::ParseState|{h+=1; if h>2_000_000 {std::ops::ControlFlow::Break(())} else {std::ops::ControlFlow::Continue(())}}; let o=tree_sitter::ParseOptions::new().progress_callback(&mut c); let b=t.as_bytes(); parser.parse_with_options(&mut |at:usize,_|b.get(at..).unwrap_or(&[]),None,Some(o)); eprintln!("hundreds {h} bytes {} per {:.4} s {dt:.3} {p}",t.len(),h as f64/t.len() as f64); }
        let e=n.entry(k).or_default();
        e.0+=1;e.1+=t.len();e.2+=dt; e.4=e.4.max(dt);
        let bad = match &tree {None=>Some((0,"none".to_string())), Some(tree)=>{
            if tree.root_node().has_error(){ let mut c=tree.walk(); let mut f=None; 'o: loop{ let nd=c.node(); if nd.is_error()||nd.is_missing(){f=Some((nd.start_position().row+1, format!("{} {}",nd.kind(), t.get(nd.start_byte()..nd.end_byte()).unwrap_or("").chars().take(50).collect::<String>().replace('\n',"\\n"))));break;} if nd.has_error()&&c.goto_first_child(){continue;} loop{ if c.goto_next_sibling(){break;} if !c.goto_parent(){break 'o;} } } Some(f.unwrap_or((0,"?".into()))) } else {None}}};
        if let Some(b)=bad { e.3+=1; println!("{p}:{}: {}",b.0,b.1); }
    }
    for (k,e) in n { eprintln!("{k}: files {} MB {:.1} s {:.2} MB/s {:.2} errors {} worst {:.3}",e.0,e.1 as f64/1e6,e.2,e.1 as f64/1e6/e.2,e.3,e.4); }
}
