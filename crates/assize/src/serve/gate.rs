//! `gate_next`: what is still missing, by the gates themselves. Only those are asked that record
//! nothing.

use assize_serve::Answer;
use serde_json::{Value, json};

use super::Asked;
use super::arguments::Arguments;
use super::ground::{Ground, on_large_stack};
use crate::cli::{Gate, GateHere, GateStop, Plain};
use crate::commands::gate;

pub(super) fn input() -> Value {
    json!({
        "moment": {
            "type": "string",
            "enum": ["start", "stop"],
            "description": "Whether work can begin, or what keeps a session from ending; `stop` \
                            where it is not given.",
        },
        "session": {
            "type": "string",
            "description": "The session's id; the newest where it is not given.",
        },
    })
}

pub(super) fn next(ground: &Ground, arguments: &Arguments<'_>) -> Asked {
    let moment = arguments.maybe("moment")?.unwrap_or("stop");
    let session = arguments.maybe("session")?.map(str::to_owned);
    let asked = |format: Plain| {
        let path = ground.root().to_owned();
        match moment {
            "start" => Ok(Gate::Start(GateHere { format, path })),
            "stop" => Ok(Gate::Stop(GateStop { session: session.clone(), format, path })),
            _ => Err("the moments are `start` and `stop`".to_owned()),
        }
    };
    let said = |format: Plain| -> Result<String, String> {
        let gate = asked(format)?;
        let mut out = Vec::new();
        on_large_stack(|| gate::run(&gate, &mut out))?.map_err(|failure| failure.words())?;
        Ok(String::from_utf8_lossy(&out).into_owned())
    };
    let data = serde_json::from_str(&said(Plain::Json)?).map_err(|error| error.to_string())?;
    Ok(Answer::good(said(Plain::Text)?, data))
}
