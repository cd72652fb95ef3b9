//! The protocol's requests, answered by [`Answers`]: a few at a time, each with an end.

use std::sync::Arc;
use std::time::Duration;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation,
    ListResourcesResult, ListToolsResult, PaginatedRequestParams, ReadResourceRequestParams,
    ReadResourceResponse, ReadResourceResult, ResourceContents, ServerCapabilities, ServerConfig,
    ToolAnnotations,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use tokio::sync::Semaphore;

use crate::{Answer, Answers};

/// So many calls run at once; on more processors than that nothing else would be left to a person.
pub(crate) const CALLS_MAX: usize = 4;
/// So many wait for their turn. Who sends more is told so, and loses nothing.
const WAITING_MAX: usize = 64;
/// A first look at a large tree takes a while; longer than this nobody waits.
const CALL_TIME_MAX: Duration = Duration::from_secs(120);

/// The one handler of all requests, whatever brings them.
#[derive(Clone)]
pub struct Handler {
    answers: Arc<dyn Answers>,
    running: Arc<Semaphore>,
    known: Arc<Semaphore>,
}

impl std::fmt::Debug for Handler {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Handler").finish_non_exhaustive()
    }
}

/// Why a function gave no answer.
enum Unanswered {
    Busy,
    Late,
    Cancelled,
    Panicked,
}

impl Unanswered {
    fn words(&self) -> &'static str {
        match self {
            Self::Busy => "too many calls are waiting: ask again when some are answered",
            Self::Late => "this takes too long: ask again in a minute, the work goes on",
            Self::Cancelled => "the call was cancelled",
            Self::Panicked => "this is a bug of assize: `assize check` may say more",
        }
    }
}

impl Handler {
    pub fn new(answers: Arc<dyn Answers>) -> Self {
        Self {
            answers,
            running: Arc::new(Semaphore::new(CALLS_MAX)),
            known: Arc::new(Semaphore::new(CALLS_MAX + WAITING_MAX)),
        }
    }

    /// Runs a function that blocks, on a thread of its own. What is cancelled or late is not
    /// stopped, for it changes nothing: its end is only not waited for.
    async fn run<T: Send + 'static>(
        &self,
        context: &RequestContext<RoleServer>,
        work: impl FnOnce(&dyn Answers) -> T + Send + 'static,
    ) -> Result<T, Unanswered> {
        let Ok(known) = Arc::clone(&self.known).try_acquire_owned() else {
            return Err(Unanswered::Busy);
        };
        let (answers, running) = (Arc::clone(&self.answers), Arc::clone(&self.running));
        let done = async move {
            let turn = running.acquire_owned().await;
            // The places are held until the function ends, not until somebody stops waiting.
            tokio::task::spawn_blocking(move || {
                let _held = (known, turn);
                work(&*answers)
            })
            .await
            .map_err(|_| Unanswered::Panicked)
        };
        tokio::select! {
            answer = done => answer,
            () = context.ct.cancelled() => Err(Unanswered::Cancelled),
            () = tokio::time::sleep(CALL_TIME_MAX) => Err(Unanswered::Late),
        }
    }
}

impl ServerHandler for Handler {
    fn get_info(&self) -> ServerConfig {
        let server = self.answers.server();
        let capabilities = ServerCapabilities::builder().enable_tools().enable_resources().build();
        ServerConfig::new(capabilities)
            .with_server_info(Implementation::new(server.name, server.version))
            .with_instructions(server.instructions)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let tools = self.answers.tools().into_iter().map(tool).collect();
        Ok(ListToolsResult::with_all_items(tools))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let name = request.name.into_owned();
        let arguments = request.arguments.unwrap_or_default();
        let asked = name.clone();
        let answer = self.run(&context, move |answers| answers.call(&asked, &arguments)).await;
        match answer {
            Ok(Some(answer)) => Ok(result(answer).into()),
            Ok(None) => {
                let words = format!("there is no tool `{name}`: `tools/list` names them");
                Err(ErrorData::invalid_params(words, None))
            }
            Err(why) => Ok(result(Answer::error(why.words().to_owned())).into()),
        }
    }

    async fn list_resources(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let resources = self.answers.resources().into_iter().map(resource).collect();
        Ok(ListResourcesResult::with_all_items(resources))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let uri = request.uri;
        let asked = uri.clone();
        match self.run(&context, move |answers| answers.read(&asked)).await {
            Ok(Some(Ok(text))) => {
                let mime = self.answers.resources().into_iter().find(|one| one.uri == uri);
                let mime = mime.map_or("text/plain", |one| one.mime);
                let contents = ResourceContents::text(text, uri).with_mime_type(mime);
                Ok(ReadResourceResult::new(vec![contents]).into())
            }
            Ok(Some(Err(why))) => Err(ErrorData::internal_error(why, None)),
            Ok(None) => {
                let words = format!("there is no resource `{uri}`: `resources/list` names them");
                Err(ErrorData::resource_not_found(words, None))
            }
            Err(why) => Err(ErrorData::internal_error(why.words(), None)),
        }
    }
}

fn tool(tool: crate::Tool) -> rmcp::model::Tool {
    let marks = ToolAnnotations::with_title(tool.title)
        .read_only(true)
        .destructive(false)
        .idempotent(true)
        .open_world(false);
    rmcp::model::Tool::new(tool.name, tool.description, Arc::new(tool.input))
        .with_title(tool.title)
        .with_annotations(marks)
}

fn resource(resource: crate::Resource) -> rmcp::model::Resource {
    rmcp::model::Resource::new(resource.uri, resource.name)
        .with_description(resource.description)
        .with_mime_type(resource.mime)
}

fn result(answer: Answer) -> CallToolResult {
    let content = vec![ContentBlock::text(answer.text)];
    let mut result = match answer.is_error {
        true => CallToolResult::error(content),
        false => CallToolResult::success(content),
    };
    result.structured_content = answer.data;
    result
}
