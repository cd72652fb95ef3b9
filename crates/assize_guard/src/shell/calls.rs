//! What calls do in any language, told by their names.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    Delete,
    DeleteMany,
    Write,
    Move,
    Copy,
    Open,
    Mode,
    Spawn,
    Reach,
    Send,
    Dynamic,
    /// All rows of a table, all objects of a store.
    Destroy,
}

/// Names that count with any receiver, or with none.
#[rustfmt::skip]
const CALLS: &[(&str, Does)] = &[
    ("unlink", Does::Delete), ("rm", Does::Delete), ("rename", Does::Move), ("move", Does::Move), ("unlinkSync", Does::Delete), ("rmdir", Does::Delete),
    ("rmdirSync", Does::DeleteMany), ("rmtree", Does::DeleteMany), ("rmSync", Does::DeleteMany),
    ("removedirs", Does::DeleteMany), ("remove_tree", Does::DeleteMany),
    ("rm_rf", Does::DeleteMany),
    ("rm_r", Does::DeleteMany), ("removeSync", Does::DeleteMany),
    ("emptyDirSync", Does::DeleteMany),
    ("writeFileSync", Does::Write), ("writeFile", Does::Write), ("appendFileSync", Does::Write),
    ("appendFile", Does::Write), ("createWriteStream", Does::Write), ("truncateSync", Does::Write),
    ("file_put_contents", Does::Write), ("writeTextFile", Does::Write), ("makedirs", Does::Write),
    ("mkdirSync", Does::Write), ("write_text", Does::Write), ("write_bytes", Does::Write),
    ("touch", Does::Write), ("truncate", Does::Write), ("symlink", Does::Copy),
    ("symlinkSync", Does::Copy), ("copyFileSync", Does::Copy), ("copyfile", Does::Copy),
    ("copytree", Does::Copy), ("copy2", Does::Copy), ("cpSync", Does::Copy),
    ("renameSync", Does::Move), ("open", Does::Open), ("openSync", Does::Open),
    ("fopen", Does::Open), ("chmodSync", Does::Mode), ("chmod", Does::Mode), ("chown", Does::Mode),
    ("system", Does::Spawn), ("popen", Does::Spawn), ("Popen", Does::Spawn),
    ("check_output", Does::Spawn), ("check_call", Does::Spawn), ("getoutput", Does::Spawn),
    ("execSync", Does::Spawn), ("spawnSync", Does::Spawn), ("spawn", Does::Spawn),
    ("execFileSync", Does::Spawn), ("execFile", Does::Spawn), ("shell_exec", Does::Spawn),
    ("passthru", Does::Spawn), ("proc_open", Does::Spawn), ("execvp", Does::Spawn),
    ("execv", Does::Spawn), ("execlp", Does::Spawn), ("script", Does::Spawn), ("qx", Does::Spawn),
    ("urlopen", Does::Reach), ("urlretrieve", Does::Reach), ("fetch", Does::Reach),
    ("HTTPConnection", Does::Reach), ("HTTPSConnection", Does::Reach),
    ("create_connection", Does::Reach), ("eval", Does::Dynamic), ("__import__", Does::Dynamic),
    ("b64decode", Does::Dynamic), ("fromhex", Does::Dynamic), ("atob", Does::Dynamic),
    ("getattr", Does::Dynamic), ("import_module", Does::Dynamic),
    ("runInThisContext", Does::Dynamic),
    ("removeDirectoryRecursive", Does::DeleteMany), ("removePathForcibly", Does::DeleteMany),
    ("remove_dir_all", Does::DeleteMany), ("remove_file", Does::Delete),
    ("RemoveAll", Does::DeleteMany), ("removeItem", Does::DeleteMany),
    ("deleteRecursively", Does::DeleteMany), ("deleteDirectory", Does::DeleteMany),
    ("deleteIfExists", Does::Delete), ("deleteSync", Does::DeleteMany),
    ("removeDir", Does::DeleteMany), ("removeFile", Does::Delete), ("deltree", Does::DeleteMany),
    ("del_dir_r", Does::DeleteMany), ("delete_tree", Does::DeleteMany),
    ("delete_directory", Does::DeleteMany), ("delete_file", Does::Delete),
    ("remove_entry_secure", Does::DeleteMany), ("rm_f", Does::Delete), ("rmrf", Does::DeleteMany),
    ("rimraf", Does::DeleteMany), ("rimrafSync", Does::DeleteMany), ("trash", Does::DeleteMany),
    ("deleteTree", Does::DeleteMany), ("zf_rm", Does::DeleteMany),
    ("callCommand", Does::Spawn), ("shell_command", Does::Spawn), ("call_process", Does::Spawn),
    ("start_process", Does::Spawn), ("run_program", Does::Spawn), ("syscmd", Does::Spawn),
    ("esyscmd", Does::Spawn), ("execShellCmd", Does::Spawn), ("ProcessBuilder", Does::Spawn),
    ("posix_spawn", Does::Spawn), ("posix_spawnp", Does::Spawn), ("execve", Does::Spawn),
    ("execl", Does::Spawn), ("execle", Does::Spawn), ("execvpe", Does::Spawn),
    ("spawnlp", Does::Spawn), ("spawnvp", Does::Spawn), ("spawnl", Does::Spawn),
    ("create_subprocess_shell", Does::Spawn), ("create_subprocess_exec", Does::Spawn),
    ("getstatusoutput", Does::Spawn), ("execute_process", Does::Spawn), ("capture3", Does::Spawn),
    ("capture2", Does::Spawn), ("popen3", Does::Spawn), ("popen2", Does::Spawn),
    ("execaSync", Does::Spawn), ("execa", Does::Spawn), ("execaCommand", Does::Spawn),
    ("execaCommandSync", Does::Spawn), ("pcntl_exec", Does::Spawn), ("exec_command", Does::Spawn),
    ("instance_eval", Does::Dynamic), ("class_eval", Does::Dynamic), ("Function", Does::Dynamic),
    ("runInNewContext", Does::Dynamic), ("compile", Does::Dynamic), ("loadstring", Does::Dynamic),
    ("delete_all", Does::Destroy), ("destroy_all", Does::Destroy), ("drop_all", Does::Destroy),
    ("drop_database", Does::Destroy), ("dropDatabase", Does::Destroy), ("flushall", Does::Destroy),
    ("flushdb", Does::Destroy), ("deleteMany", Does::Destroy), ("drop_collection", Does::Destroy),
    ("base64_decode", Does::Dynamic), ("assert", Does::Open), ("delete", Does::Open),
];

/// Names that count only with a receiver of which the last part is given.
#[rustfmt::skip]
const WITH_RECEIVER: &[(&str, &str, Does)] = &[
    ("os", "remove", Does::Delete), ("File", "delete", Does::Delete),
    ("fs", "rm", Does::DeleteMany),
    ("fsp", "rm", Does::DeleteMany), ("promises", "rm", Does::DeleteMany),
    ("fs", "remove", Does::DeleteMany), ("fs", "emptyDir", Does::DeleteMany),
    ("promises", "rmdir", Does::DeleteMany), ("fsp", "rmdir", Does::DeleteMany),
    ("promises", "unlink", Does::Delete), ("fsp", "unlink", Does::Delete),
    ("file", "remove", Does::Delete), ("Directory", "Delete", Does::DeleteMany),
    ("File", "Delete", Does::Delete), ("Files", "delete", Does::Delete),
    ("Dir", "rmdir", Does::Delete), ("Dir", "delete", Does::Delete),
    ("dir_util", "remove_tree", Does::DeleteMany), ("os", "Remove", Does::Delete),
    ("os", "truncate", Does::Write), ("System", "cmd", Does::Spawn), ("os", "cmd", Does::Spawn),
    ("System", "shell", Does::Spawn), ("exec", "Command", Does::Spawn),
    ("Command", "new", Does::Spawn), ("Process", "run", Does::Spawn),
    ("Process", "runSync", Does::Spawn), ("Process", "start", Does::Spawn),
    ("Process", "Start", Does::Spawn), ("Process", "spawn", Does::Spawn),
    ("Bun", "spawn", Does::Spawn), ("Bun", "spawnSync", Does::Spawn),
    ("Deno", "Command", Does::Spawn), ("Deno", "removeSync", Does::DeleteMany),
    ("shell", "rm", Does::DeleteMany), ("shelljs", "rm", Does::DeleteMany),
    ("FileUtils", "rm", Does::Delete), ("FileUtils", "mv", Does::Move), ("Deno", "remove", Does::DeleteMany),
    ("Deno", "run", Does::Spawn), ("File", "write", Does::Write), ("IO", "write", Does::Write),
    ("Bun", "write", Does::Write), ("os", "rename", Does::Move), ("os", "replace", Does::Move),
    ("shutil", "move", Does::Move), ("shutil", "copy", Does::Copy), ("File", "rename", Does::Move),
    ("fs", "rename", Does::Move), ("subprocess", "run", Does::Spawn),
    ("subprocess", "call", Does::Spawn), ("child_process", "exec", Does::Spawn),
    ("cp", "exec", Does::Spawn), ("os", "execute", Does::Spawn), ("pty", "spawn", Does::Spawn),
    ("requests", "get", Does::Reach), ("requests", "post", Does::Send),
    ("requests", "put", Does::Send), ("httpx", "get", Does::Reach), ("httpx", "post", Does::Send),
    ("http", "get", Does::Reach), ("https", "get", Does::Reach), ("https", "request", Does::Reach),
    ("HTTP", "get", Does::Reach), ("URI", "open", Does::Reach), ("axios", "get", Does::Reach),
    ("axios", "post", Does::Send), ("socket", "connect", Does::Reach),
    ("s", "connect", Does::Reach),
    ("os", "mkdir", Does::Write), ("fs", "unlink", Does::Delete), ("net", "connect", Does::Reach),
];

/// Whether a name, alone or with a receiver, is a call that the tables know.
pub(super) fn is_callable(name: &str) -> bool {
    let (before, last) = match name.rsplit_once('.') {
        Some((before, last)) => (before.rsplit('.').next().filter(|text| !text.is_empty()), last),
        None => (None, name),
    };
    name.len() <= 64 && (meaning(before, last, false).is_some() || matches!(last, "exec" | "eval"))
}

/// What a call does.
pub(super) fn meaning(before: Option<&str>, last: &str, method: bool) -> Option<Does> {
    let with = WITH_RECEIVER.iter().find(|(receiver, name, _)| {
        *name == last && before.is_some_and(|before| before == *receiver)
    });
    if let Some((_, _, does)) = with {
        return Some(*does);
    }
    if last == "exec" {
        return Some(if method { Does::Spawn } else { Does::Dynamic });
    }
    if method
        && matches!(
            last,
            "open" | "delete" | "assert" | "touch" | "eval" | "rename" | "move" | "compile" | "rm"
        )
    {
        return (last == "touch").then_some(Does::Write);
    }
    if matches!(last, "delete" | "assert") {
        return None;
    }
    CALLS.iter().find(|(name, _)| *name == last).map(|(_, does)| *does)
}
