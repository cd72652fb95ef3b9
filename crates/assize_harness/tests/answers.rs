//! Answers byte for byte, as the clients were measured to honour them.

use assize_guard::{Action, Reason, Verdict};
use assize_harness::Client::{
    ClaudeCode, Cline, Codex, CopilotCli, Cursor, GeminiCli, OpenCode, QwenCode, VsCode,
};
use assize_harness::{
    Answer, Beside, Client, Event, Moment, Refusal, answer, answerable, parse, refuse,
};
use proptest::prelude::*;

const TEXT: &str = "Assize, secret-literal (rule B4, clause 4.2): a password in `src/a.rs:3`. \
                    Instead: read it from the environment.";

fn reason() -> Reason {
    Reason {
        control: "secret-literal",
        message: "a password in `src/a.rs:3`".to_owned(),
        help: "read it from the environment".to_owned(),
    }
}

fn rules(control: &str) -> Option<(String, String)> {
    (control == "secret-literal").then(|| ("B4".to_owned(), "4.2".to_owned()))
}

/// An event as a client names it.
fn event(client: Client, name: &str) -> Event {
    Event {
        client,
        moment: Moment::of(name),
        name: name.to_owned(),
        session: "s".to_owned(),
        agent: None,
        call: None,
        folder: "/r".to_owned(),
        mode: None,
        again: None,
        source: None,
        lines: None,
        result: None,
        action: Action::Stop,
        version: None,
    }
}

fn given(client: Client, name: &str, verdict: fn(Vec<Reason>) -> Verdict) -> Answer {
    answer(&event(client, name), &verdict(vec![reason()]), &rules, Beside::default())
}

/// `%` in `stdout` and `stderr` is the message.
fn check(got: &Answer, stdout: &str, stderr: &str, status: u8) {
    let fill = |text: &str| text.replace('%', TEXT);
    let expected = Answer { stdout: fill(stdout), stderr: fill(stderr), status };
    assert_eq!(got, &expected);
}

const DENY: &str = r#"{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"%"}}"#;
const ASK: &str = r#"{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"ask","permissionDecisionReason":"%"}}"#;
const QUESTION: &str = r#"{"hookSpecificOutput":{"hookEventName":"PermissionRequest","decision":{"behavior":"deny","message":"%"}}}"#;
const BLOCK: &str = r#"{"decision":"block","reason":"%"}"#;
const PERSON: &str = r#"{"systemMessage":"%"}"#;

fn context(event: &str) -> String {
    format!(r#"{{"hookSpecificOutput":{{"hookEventName":"{event}","additionalContext":"%"}}}}"#)
}

const EVENTS: [&str; 13] = [
    "PreToolUse",
    "PostToolUse",
    "PostToolUseFailure",
    "PermissionRequest",
    "UserPromptSubmit",
    "SessionStart",
    "SessionEnd",
    "Stop",
    "SubagentStart",
    "SubagentStop",
    "ConfigChange",
    "PreCompact",
    "Notification",
];

#[test]
fn to_allow_is_to_say_nothing() {
    for client in [ClaudeCode, Codex] {
        for name in EVENTS {
            let event = event(client, name);
            let got = answer(&event, &Verdict::Allow, &rules, Beside::default());
            check(&got, "", "", 0);
        }
    }
}

#[test]
fn a_question_is_asked_only_where_somebody_answers_it() {
    let asked = |client: Client, more: &str| {
        let payload = format!(
            r#"{{"session_id": "s", "cwd": "/r", "hook_event_name": "PreToolUse",
                "tool_name": "Bash", "tool_input": {{"command": "true"}}{more}}}"#
        );
        let event = parse(client, payload.as_bytes()).unwrap();
        answerable(&event, Verdict::Ask(vec![reason()])).word()
    };
    for (client, more, expected) in [
        (ClaudeCode, "", "ask"),
        (ClaudeCode, r#", "permission_mode": "default""#, "ask"),
        (ClaudeCode, r#", "permission_mode": "acceptEdits""#, "ask"),
        (ClaudeCode, r#", "permission_mode": "plan""#, "ask"),
        (ClaudeCode, r#", "permission_mode": "bypassPermissions""#, "deny"),
        (ClaudeCode, r#", "permission_mode": "dontAsk""#, "deny"),
        (ClaudeCode, r#", "permission_mode": "default", "agent_id": "a""#, "deny"),
        (Codex, r#", "permission_mode": "default""#, "deny"),
        (Codex, "", "deny"),
    ] {
        assert_eq!(asked(client, more), expected, "{client:?} {more}");
    }
}

#[test]
fn denials() {
    for client in [ClaudeCode, Codex] {
        let deny = |event: &str| given(client, event, Verdict::Deny);
        check(&deny("PreToolUse"), DENY, "%", 2);
        check(&deny("PermissionRequest"), QUESTION, "%", 2);
        for event in ["PostToolUse", "UserPromptSubmit", "Stop", "SubagentStop", "ConfigChange"] {
            check(&deny(event), BLOCK, "%", 2);
        }
        for event in ["PostToolUseFailure", "SessionStart", "SubagentStart"] {
            check(&deny(event), &context(event), "", 0);
        }
        check(&deny("PreCompact"), PERSON, "", 0);
        check(&deny("SessionEnd"), "", "%", 0);
        check(&deny("Notification"), "", "%", 0);
    }
}

#[test]
fn warnings() {
    for client in [ClaudeCode, Codex] {
        let warn = |event: &str| given(client, event, Verdict::Warn);
        for event in [
            "PreToolUse",
            "PostToolUse",
            "PostToolUseFailure",
            "UserPromptSubmit",
            "SessionStart",
            "SubagentStart",
        ] {
            check(&warn(event), &context(event), "", 0);
        }
        for event in ["PermissionRequest", "Stop", "SubagentStop", "ConfigChange", "PreCompact"] {
            check(&warn(event), PERSON, "", 0);
        }
        check(&warn("SessionEnd"), "", "%", 0);
        check(&warn("Notification"), "", "%", 0);
    }
}

#[test]
fn only_claude_code_asks() {
    check(&given(ClaudeCode, "PreToolUse", Verdict::Ask), ASK, "", 0);
    check(&given(ClaudeCode, "PermissionRequest", Verdict::Ask), PERSON, "", 0);
    check(&given(Codex, "PreToolUse", Verdict::Ask), DENY, "%", 2);
    check(&given(Codex, "PermissionRequest", Verdict::Ask), QUESTION, "%", 2);
    for client in [ClaudeCode, Codex] {
        for event in ["UserPromptSubmit", "Stop", "PostToolUse"] {
            check(&given(client, event, Verdict::Ask), BLOCK, "%", 2);
        }
    }
}

const SPECIFIC: &str = r#"{"hookSpecificOutput":{"hookEventName":"@","additionalContext":"%"}}"#;
const FLAT_DENY: &str = r#"{"permissionDecision":"deny","permissionDecisionReason":"%"}"#;
const FLAT_CONTEXT: &str = r#"{"additionalContext":"%"}"#;
const GEMINI_DENY: &str = r#"{"decision":"deny","reason":"%"}"#;
const CURSOR_DENY: &str = r#"{"permission":"deny","user_message":"%","agent_message":"%"}"#;
const TELL: &str = r#"{"tell":"%"}"#;
const CLINE_CONTEXT: &str = r#"{"contextModification":"%"}"#;

/// What each of the others is told: the client, its name of the event, what is printed. A denial
/// that stops something ends with status 2 and says its reason on stderr too; what has no way goes
/// to stderr alone.
const DENIED: [(Client, &str, &str, u8); 41] = [
    (GeminiCli, "BeforeTool", GEMINI_DENY, 2),
    (GeminiCli, "AfterTool", SPECIFIC, 0),
    (GeminiCli, "AfterAgent", GEMINI_DENY, 2),
    (GeminiCli, "BeforeAgent", GEMINI_DENY, 2),
    (GeminiCli, "SessionStart", SPECIFIC, 0),
    (GeminiCli, "PreCompress", PERSON, 0),
    (GeminiCli, "SessionEnd", "", 0),
    (QwenCode, "PreToolUse", DENY, 2),
    (QwenCode, "PostToolUse", SPECIFIC, 0),
    (QwenCode, "PermissionRequest", QUESTION, 2),
    (QwenCode, "Stop", BLOCK, 2),
    (QwenCode, "SubagentStop", BLOCK, 2),
    (CopilotCli, "preToolUse", FLAT_DENY, 2),
    (CopilotCli, "permissionRequest", r#"{"behavior":"deny","message":"%"}"#, 2),
    (CopilotCli, "postToolUse", FLAT_CONTEXT, 0),
    (CopilotCli, "postToolUseFailure", FLAT_CONTEXT, 0),
    (CopilotCli, "userPromptSubmitted", FLAT_CONTEXT, 0),
    (CopilotCli, "sessionStart", FLAT_CONTEXT, 0),
    (CopilotCli, "agentStop", BLOCK, 0),
    (CopilotCli, "subagentStop", BLOCK, 0),
    (CopilotCli, "preCompact", "", 0),
    (CopilotCli, "PreToolUse", FLAT_DENY, 2),
    (Cline, "tool_call", r#"{"overrideInput":{},"contextModification":"%"}"#, 2),
    (Cline, "PreToolUse", r#"{"cancel":true,"errorMessage":"%"}"#, 2),
    (Cline, "tool_result", CLINE_CONTEXT, 0),
    (Cline, "agent_start", "", 0),
    (Cline, "prompt_submit", "", 0),
    (Cline, "agent_end", "", 0),
    (OpenCode, "PreToolUse", r#"{"deny":"%"}"#, 2),
    (OpenCode, "PostToolUse", TELL, 0),
    (OpenCode, "SessionStart", TELL, 0),
    (OpenCode, "Stop", r#"{"block":"%"}"#, 0),
    (Cursor, "preToolUse", CURSOR_DENY, 2),
    (Cursor, "beforeShellExecution", CURSOR_DENY, 2),
    (Cursor, "beforeSubmitPrompt", r#"{"continue":false,"user_message":"%"}"#, 0),
    (Cursor, "postToolUse", r#"{"additional_context":"%"}"#, 0),
    (Cursor, "afterFileEdit", "", 0),
    (Cursor, "stop", r#"{"followup_message":"%"}"#, 0),
    (VsCode, "PreToolUse", DENY, 2),
    (VsCode, "PostToolUse", BLOCK, 2),
    (
        VsCode,
        "Stop",
        r#"{"decision":"block","reason":"%","hookSpecificOutput":{"hookEventName":"Stop","decision":"block","reason":"%"}}"#,
        2,
    ),
];

#[test]
fn denials_of_the_others() {
    for (client, name, stdout, status) in DENIED {
        let stderr = if status == 2 || stdout.is_empty() { "%" } else { "" };
        let stdout = stdout.replace('@', name);
        check(&given(client, name, Verdict::Deny), &stdout, stderr, status);
        // None of them is asked: a question is a denial.
        check(&given(client, name, Verdict::Ask), &stdout, stderr, status);
    }
}

#[test]
fn a_call_of_a_server_on_cline_ends_the_run() {
    let server = Action::Mcp { server: "s".into(), tool: "t".into(), arguments: Vec::new() };
    let unknown = |tool: &str| Action::Unknown { tool: tool.into(), arguments: Vec::new() };
    for (action, cancels) in [(server, true), (unknown("x"), true), (unknown("editor"), false)] {
        let call = Event { action, ..event(Cline, "tool_call") };
        let got = answer(&call, &Verdict::Deny(vec![reason()]), &rules, Beside::default());
        assert_eq!(got.stdout.contains(r#""cancel":true"#), cancels, "{:?}", call.action);
        assert_eq!(got.status, 2);
    }
}

#[test]
fn warnings_of_the_others() {
    for (client, name, stdout) in [
        (GeminiCli, "BeforeTool", PERSON),
        (GeminiCli, "AfterTool", SPECIFIC),
        (GeminiCli, "BeforeAgent", SPECIFIC),
        (QwenCode, "PreToolUse", PERSON),
        (QwenCode, "UserPromptSubmit", SPECIFIC),
        (CopilotCli, "preToolUse", FLAT_CONTEXT),
        (CopilotCli, "agentStop", ""),
        (Cline, "tool_call", CLINE_CONTEXT),
        (Cline, "agent_start", ""),
        (OpenCode, "PreToolUse", TELL),
        (OpenCode, "UserPromptSubmit", TELL),
        (OpenCode, "Stop", ""),
        (Cursor, "preToolUse", ""),
        (Cursor, "sessionStart", r#"{"additional_context":"%"}"#),
        (VsCode, "PreToolUse", SPECIFIC),
    ] {
        let stderr = if stdout.is_empty() { "%" } else { "" };
        check(&given(client, name, Verdict::Warn), &stdout.replace('@', name), stderr, 0);
    }
}

#[test]
fn every_client_allows_by_silence() {
    for client in Client::ALL {
        for name in ["PreToolUse", "preToolUse", "BeforeTool", "tool_call", "stop", "SessionStart"]
        {
            let got = answer(&event(client, name), &Verdict::Allow, &rules, Beside::default());
            check(&got, "", "", 0);
        }
    }
}

#[test]
fn what_cannot_be_read_is_denied_with_a_reason() {
    let refusal = parse(ClaudeCode, b"[]").unwrap_err();
    let cancel =
        serde_json::json!({ "cancel": true, "errorMessage": refuse(Cline, &refusal).stderr });
    assert_eq!(refuse(Cline, &refusal).stdout, cancel.to_string());
    let got = refuse(ClaudeCode, &refusal);
    let stderr = "Assize denies what it cannot read: the payload of the hook is not a JSON object.";
    assert_eq!(got, Answer { stdout: String::new(), stderr: stderr.to_owned(), status: 2 });
    assert!(matches!(refusal, Refusal::NotAnObject));
}

#[test]
fn a_denial_without_reasons_has_one() {
    let got =
        answer(&event(Codex, "PreToolUse"), &Verdict::Deny(Vec::new()), &rules, Beside::default());
    assert_eq!(got.status, 2);
    assert!(got.stderr.starts_with("Assize stops this"));
    assert!(got.stdout.contains(&got.stderr));
}

#[test]
fn several_reasons_as_far_as_there_is_room() {
    let text = |count: usize| {
        let verdict = Verdict::Deny(vec![reason(); count]);
        answer(&event(Codex, "PreToolUse"), &verdict, &rules, Beside::default()).stderr
    };
    assert_eq!(text(2), format!("{TEXT}\n{TEXT}"));
    assert_eq!(text(9), [TEXT; 5].join("\n") + "\n(and 4 more)");
}

#[test]
fn a_long_reason_keeps_what_to_do() {
    let long = Reason { message: "x".repeat(5_000), ..reason() };
    let got = answer(
        &event(Codex, "PreToolUse"),
        &Verdict::Deny(vec![long, reason()]),
        &rules,
        Beside::default(),
    );
    assert!(got.stderr.contains("x…. Instead: read it from the environment.\n(and 1 more)"));
    assert!(got.stderr.chars().count() <= 600);
}

#[test]
fn a_long_help_leaves_room_for_what_is_wrong() {
    let long = Reason { help: "y".repeat(5_000), ..reason() };
    let got =
        answer(&event(Codex, "PreToolUse"), &Verdict::Deny(vec![long]), &rules, Beside::default());
    assert!(got.stderr.contains("a password in `src/a.rs:3`. Instead: yyy"));
    assert!(got.stderr.ends_with("y…."));
}

#[test]
fn a_control_without_a_rule_and_without_help() {
    let bare = Reason { control: "x", message: "no \u{1b}[31mred\n.".to_owned(), help: "".into() };
    let got =
        answer(&event(Codex, "PreToolUse"), &Verdict::Deny(vec![bare]), &rules, Beside::default());
    assert_eq!(got.stderr, "Assize, x: no  [31mred .");
}

#[test]
fn what_helps_goes_where_the_model_reads_it_and_nowhere_else() {
    let beside = Beside { offer: None, context: Some("read this") };
    let said = |moment: &str, verdict: &Verdict| {
        answer(&event(ClaudeCode, moment), verdict, &rules, beside).stdout
    };
    let context = |event: &str, text: &str| {
        serde_json::json!({ "hookSpecificOutput": {
            "hookEventName": event, "additionalContext": text,
        } })
        .to_string()
    };
    assert_eq!(said("PreToolUse", &Verdict::Allow), context("PreToolUse", "read this"));
    assert_eq!(said("SessionStart", &Verdict::Allow), context("SessionStart", "read this"));
    assert_eq!(said("Stop", &Verdict::Allow), "");
    let warned = said("PreToolUse", &Verdict::Warn(vec![reason()]));
    assert_eq!(warned, context("PreToolUse", &format!("{TEXT}\n\nread this")));
    assert!(!said("PreToolUse", &Verdict::Deny(vec![reason()])).contains("read this"));
}

/// Where each client reads the reason.
const PROPERTY: [(Client, &str, &str); 10] = [
    (Codex, "PreToolUse", "/hookSpecificOutput/permissionDecisionReason"),
    (ClaudeCode, "PreToolUse", "/hookSpecificOutput/permissionDecisionReason"),
    (QwenCode, "PreToolUse", "/hookSpecificOutput/permissionDecisionReason"),
    (VsCode, "PreToolUse", "/hookSpecificOutput/permissionDecisionReason"),
    (GeminiCli, "BeforeTool", "/reason"),
    (CopilotCli, "preToolUse", "/permissionDecisionReason"),
    (Cline, "tool_call", "/contextModification"),
    (Cline, "PreToolUse", "/errorMessage"),
    (OpenCode, "PreToolUse", "/deny"),
    (Cursor, "preToolUse", "/agent_message"),
];

proptest! {
    /// Whatever the texts hold, a denial blocks: the JSON reads back, the reasons are the same,
    /// not empty and not too long, and stdout is one line.
    #[test]
    fn every_denial_is_one_that_blocks(
        texts in prop::collection::vec((any::<String>(), any::<String>()), 0..6),
        known in any::<bool>(),
        (client, name, key) in prop::sample::select(PROPERTY.to_vec()),
    ) {
        let control = if known { "secret-literal" } else { "other" };
        let reasons = texts
            .into_iter()
            .map(|(message, help)| Reason { control, message, help })
            .collect();
        let got = answer(&event(client, name), &Verdict::Deny(reasons), &rules, Beside::default());
        let json: serde_json::Value = serde_json::from_str(&got.stdout).unwrap();
        let said = json.pointer(key).and_then(|said| said.as_str()).unwrap();
        prop_assert_eq!(said, &got.stderr);
        prop_assert!(!said.trim().is_empty());
        prop_assert!(said.chars().count() <= 600);
        prop_assert!(!got.stdout.contains('\n'));
        prop_assert_eq!(got.status, 2);
    }
}
