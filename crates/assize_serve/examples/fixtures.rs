//! A server with the names for which the public conformance suite of MCP asks, on the transport of
//! this crate.
//!
//! What the suite asks of a server are mostly tools and prompts of its own, which no useful server
//! has. This one has them and nothing else, so that the suite judges what is below them: sessions,
//! streams, requests to the client, the door. `docs/mcp.md` says how it is run.

#![expect(clippy::print_stderr, reason = "whoever runs it asks for the port")]
#![expect(deprecated, reason = "the suite still asks for what newer versions leave out")]

use std::error::Error;
use std::time::Duration;

use assize_serve::{Admission, Sessions, over_http};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CompleteRequestParams, CompleteResult, ElicitRequest,
    GetPromptRequestParams, GetPromptResponse, GetPromptResult, ListPromptsResult,
    ListResourcesResult, ListToolsResult, LoggingLevel, LoggingMessageNotificationParam,
    PaginatedRequestParams, ProgressNotificationParam, ReadResourceRequestParams,
    ReadResourceResponse, ReadResourceResult, ServerCapabilities, ServerConfig, ServerRequest,
    SetLevelRequestParams, SubscribeRequestParams, UnsubscribeRequestParams,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::{Value, json};

const SESSIONS_MAX: usize = 64;
const PAUSE: Duration = Duration::from_millis(50);
/// One red pixel.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
/// A sound of no length.
const SOUND: &str = "UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA=";

fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).unwrap_or("127.0.0.1:0".to_owned());
    let admission = Admission::new(address.parse()?, None, false)?;
    over_http(Fixtures, admission, Sessions::Kept(SESSIONS_MAX), |address| {
        eprintln!("serving fixtures at http://{address}/mcp");
    })?;
    Ok(())
}

#[derive(Debug, Clone)]
struct Fixtures;

/// The content that a tool gives back as it is.
fn content(tool: &str) -> Option<Value> {
    let text = |text: &str| json!({ "type": "text", "text": text });
    let image = json!({ "type": "image", "data": PIXEL, "mimeType": "image/png" });
    let resource = |uri: &str, mime: &str, text: &str| json!({ "type": "resource", "resource": { "uri": uri, "mimeType": mime, "text": text } });
    Some(match tool {
        "test_simple_text" => json!([text("This is a simple text response for testing.")]),
        "test_image_content" => json!([image]),
        "test_audio_content" => {
            json!([{ "type": "audio", "data": SOUND, "mimeType": "audio/wav" }])
        }
        "test_embedded_resource" => {
            let words = "This is an embedded resource content.";
            json!([resource("test://embedded-resource", "text/plain", words)])
        }
        "test_multiple_content_types" => {
            let data = r#"{"test":"data","value":123}"#;
            let mixed = resource("test://mixed-content-resource", "application/json", data);
            json!([text("Multiple content types test:"), image, mixed])
        }
        "test_error_handling" => {
            json!([text("This tool intentionally returns an error for testing")])
        }
        _ => return None,
    })
}

/// What the client is asked for.
fn elicited(tool: &str, message: &str) -> Option<Value> {
    let (first, second) = (json!({ "const": "value1", "title": "First Option" }), "value2");
    let options = json!(["option1", "option2", "option3"]);
    let titled = json!([first, { "const": second, "title": "Second Option" }]);
    let (properties, required) = match tool {
        "test_elicitation" => (
            json!({ "username": { "type": "string" }, "email": { "type": "string" } }),
            json!(["username", "email"]),
        ),
        "test_elicitation_sep1034_defaults" => (
            json!({
                "name": { "type": "string", "default": "John Doe" },
                "age": { "type": "integer", "default": 30 },
                "score": { "type": "number", "default": 95.5 },
                "status": {
                    "type": "string",
                    "enum": ["active", "inactive", "pending"],
                    "default": "active",
                },
                "verified": { "type": "boolean", "default": true },
            }),
            json!([]),
        ),
        "test_elicitation_sep1330_enums" => (
            json!({
                "untitledSingle": { "type": "string", "enum": options },
                "titledSingle": { "type": "string", "oneOf": titled },
                "legacyEnum": {
                    "type": "string",
                    "enum": ["opt1", "opt2", "opt3"],
                    "enumNames": ["Option One", "Option Two", "Option Three"],
                },
                "untitledMulti": {
                    "type": "array",
                    "items": { "type": "string", "enum": options },
                },
                "titledMulti": { "type": "array", "items": { "anyOf": titled } },
            }),
            json!([]),
        ),
        _ => return None,
    };
    let schema = json!({ "type": "object", "properties": properties, "required": required });
    Some(json!({ "mode": "form", "message": message, "requestedSchema": schema }))
}

/// A value of the protocol from its JSON.
fn made<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, ErrorData> {
    serde_json::from_value(value)
        .map_err(|error| ErrorData::internal_error(error.to_string(), None))
}

fn failed(error: impl std::fmt::Display) -> ErrorData {
    ErrorData::internal_error(error.to_string(), None)
}

fn said(text: &str) -> Value {
    json!([{ "type": "text", "text": text }])
}

async fn call(
    request: CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Result<Value, ErrorData> {
    let name = request.name.as_ref();
    let arguments = Value::Object(request.arguments.unwrap_or_default());
    if let Some(content) = content(name) {
        return Ok(content);
    }
    let message = arguments["message"].as_str().unwrap_or("Say something");
    if let Some(form) = elicited(name, message) {
        let wish = ServerRequest::ElicitRequest(ElicitRequest::new(made(form)?));
        let answer = context.peer.send_request(wish).await.map_err(failed)?;
        return Ok(said(&format!("User response: {}", json!(answer))));
    }
    match name {
        "test_tool_with_logging" => {
            let steps =
                ["Tool execution started", "Tool processing data", "Tool execution completed"];
            for step in steps {
                let message = LoggingMessageNotificationParam::new(LoggingLevel::Info, json!(step));
                context.peer.notify_logging_message(message).await.map_err(failed)?;
                tokio::time::sleep(PAUSE).await;
            }
        }
        "test_tool_with_progress" => {
            for part in [0.0, 50.0, 100.0] {
                if let Some(token) = context.meta.get_progress_token() {
                    let progress = ProgressNotificationParam::new(token, part).with_total(100.0);
                    context.peer.notify_progress(progress).await.map_err(failed)?;
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
        "test_sampling" => {
            let prompt = arguments["prompt"].as_str().unwrap_or_default();
            let content = json!({ "type": "text", "text": prompt });
            let message = json!({ "role": "user", "content": content });
            let wish = made(json!({ "messages": [message], "maxTokens": 100 }))?;
            let answer = context.peer.create_message(wish).await.map_err(failed)?;
            return Ok(said(&format!("LLM response: {}", json!(answer))));
        }
        _ => return Err(ErrorData::invalid_params(format!("there is no tool `{name}`"), None)),
    }
    Ok(said("done"))
}

impl ServerHandler for Fixtures {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_prompts()
            .enable_resources()
            .enable_resources_subscribe()
            .enable_logging()
            .enable_completions();
        ServerConfig::new(capabilities.build())
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let schema = json!({ "type": "object", "properties": {} });
        let tool = json!({
            "name": "test_simple_text",
            "description": "Says something",
            "inputSchema": schema,
        });
        made(json!({ "tools": [tool] }))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let is_error = request.name == "test_error_handling";
        let content = call(request, &context).await?;
        let result: rmcp::model::CallToolResult =
            made(json!({ "content": content, "isError": is_error }))?;
        Ok(result.into())
    }

    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        let simple = json!({ "name": "test_simple_prompt", "description": "A prompt" });
        made(json!({ "prompts": [simple] }))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let given = Value::Object(request.arguments.unwrap_or_default());
        let of = |key: &str| given[key].as_str().unwrap_or_default().to_owned();
        let text = |text: String| json!({ "type": "text", "text": text });
        let content = match request.name.as_str() {
            "test_simple_prompt" => vec![text("This is a simple prompt for testing.".to_owned())],
            "test_prompt_with_arguments" => {
                let (first, second) = (of("arg1"), of("arg2"));
                vec![text(format!("Prompt with arguments: arg1='{first}', arg2='{second}'"))]
            }
            "test_prompt_with_embedded_resource" => {
                let words = "Embedded resource content for testing.";
                let inner =
                    json!({ "uri": of("resourceUri"), "mimeType": "text/plain", "text": words });
                let resource = json!({ "type": "resource", "resource": inner });
                vec![resource, text("Please process the embedded resource above.".to_owned())]
            }
            "test_prompt_with_image" => {
                let image = json!({ "type": "image", "data": PIXEL, "mimeType": "image/png" });
                vec![image, text("Please analyze the image above.".to_owned())]
            }
            name => {
                let words = format!("there is no prompt `{name}`");
                return Err(ErrorData::invalid_params(words, None));
            }
        };
        let message = |content: Value| json!({ "role": "user", "content": content });
        let messages: Vec<Value> = content.into_iter().map(message).collect();
        let result: GetPromptResult = made(json!({ "messages": messages }))?;
        Ok(result.into())
    }

    async fn list_resources(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        made(json!({ "resources": [{ "uri": "test://static-text", "name": "text" }] }))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let uri = request.uri;
        let id = uri.strip_prefix("test://template/").and_then(|rest| rest.strip_suffix("/data"));
        let contents = match (uri.as_str(), id) {
            ("test://static-binary", _) => {
                json!({ "uri": uri, "mimeType": "image/png", "blob": PIXEL })
            }
            (_, Some(id)) => {
                let data = format!("Data for ID: {id}");
                let data = json!({ "id": id, "templateTest": true, "data": data }).to_string();
                json!({ "uri": uri, "mimeType": "application/json", "text": data })
            }
            _ => {
                let words = "This is the content of the static text resource.";
                json!({ "uri": uri, "mimeType": "text/plain", "text": words })
            }
        };
        let result: ReadResourceResult = made(json!({ "contents": [contents] }))?;
        Ok(result.into())
    }

    async fn subscribe(
        &self,
        _: SubscribeRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        Ok(())
    }

    async fn unsubscribe(
        &self,
        _: UnsubscribeRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        Ok(())
    }

    async fn set_level(
        &self,
        _: SetLevelRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        Ok(())
    }

    async fn complete(
        &self,
        _: CompleteRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        made(json!({ "completion": { "values": ["test"], "hasMore": false } }))
    }
}
