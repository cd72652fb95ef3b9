//! Test cases, as the runners of JavaScript register them.

use assize_model::FileClass;
use oxc_ast::ast::{CallExpression, Expression};

use super::{imports, span};
use crate::{Extraction, FactKind, Flags, Role};

/// The suites around the place that the walk has reached.
#[derive(Debug, Default)]
pub(super) struct Suites {
    open: Vec<String>,
    blocks: Vec<u32>,
    count: u32,
}

/// What a call registers.
enum Registers {
    Suite,
    Case,
}

impl Suites {
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Notes what a call registers. True: a suite, to be left when its call is done.
    ///
    /// `plain`: nothing but suites surrounds the call, so that it runs once.
    pub(super) fn enter(
        &mut self,
        sheet: &mut Extraction<'_>,
        it: &CallExpression<'_>,
        plain: bool,
    ) -> bool {
        if sheet.class != FileClass::Test {
            return false;
        }
        let Some(registers) = registers(&it.callee) else { return false };
        let title = it.arguments.first().and_then(imports::literal_argument);
        match registers {
            Registers::Suite => {
                self.count = self.count.saturating_add(1);
                self.open.push(title.unwrap_or("").to_owned());
                self.blocks.push(self.count);
                true
            }
            Registers::Case => {
                if let (Some(title), Some(argument)) = (title, it.arguments.first())
                    && it.arguments.len() > 1
                {
                    let flags = if plain { Flags::NONE } else { Flags::UNRESOLVED };
                    sheet
                        .fact(
                            FactKind::Test,
                            Role::Definition,
                            title,
                            span(oxc_span::GetSpan::span(argument)),
                        )
                        .item(self.open.join(" > "))
                        .number(self.blocks.last().copied().unwrap_or(0))
                        .flags(flags)
                        .done();
                }
                false
            }
        }
    }

    pub(super) fn leave(&mut self) {
        self.open.pop();
        self.blocks.pop();
    }
}

fn registers(callee: &Expression<'_>) -> Option<Registers> {
    let name = match callee {
        Expression::Identifier(id) => id.name.as_str(),
        Expression::StaticMemberExpression(member)
            if matches!(
                member.property.name.as_str(),
                "concurrent" | "only" | "serial" | "sequential" | "skip"
            ) =>
        {
            let Expression::Identifier(id) = &member.object else { return None };
            id.name.as_str()
        }
        // `describe.each(table)(title, ..)`: a suite for each row.
        Expression::CallExpression(inner) => {
            let Expression::StaticMemberExpression(member) = &inner.callee else { return None };
            return (member.property.name == "each" && member.object.is_specific_id("describe"))
                .then_some(Registers::Suite);
        }
        _ => return None,
    };
    match name {
        "describe" | "context" | "suite" => Some(Registers::Suite),
        "it" | "test" | "specify" => Some(Registers::Case),
        _ => None,
    }
}
