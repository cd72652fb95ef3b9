//! Model providers.

use super::super::alphabet::{ALNUM, HEX, LOWER, Part, URL, between, exact, text};
use super::super::checksum;
use super::super::format::Format;

const OPENAI: &[Part] = &[between(URL, 100, 220)];
const ANTHROPIC: &[Part] = &[exact(URL, 95)];
const HUGGING_FACE: &[Part] = &[exact(ALNUM, 34)];
const LANGSMITH: &[Part] = &[exact(HEX, 32), text("_"), exact(HEX, 10)];

pub(crate) const FORMATS: &[Format] = &[
    Format::new("openai-key", "an OpenAI key", "T3BlbkFJ", &[exact(ALNUM, 20)])
        .lead(URL, 23, 23)
        .only_if(checksum::openai),
    Format::new("openai-key", "an OpenAI project key", "sk-proj-", OPENAI)
        .only_if(checksum::openai),
    Format::new("openai-key", "an OpenAI service account key", "sk-svcacct-", OPENAI)
        .only_if(checksum::openai),
    Format::new("openai-key", "an OpenAI admin key", "sk-admin-", OPENAI).only_if(checksum::openai),
    Format::new("anthropic-key", "an Anthropic key", "sk-ant-api03-", ANTHROPIC)
        .only_if(checksum::anthropic),
    Format::new("anthropic-key", "an Anthropic admin key", "sk-ant-admin01-", ANTHROPIC)
        .only_if(checksum::anthropic),
    Format::new("anthropic-key", "an Anthropic OAuth token", "sk-ant-oat01-", ANTHROPIC)
        .only_if(checksum::anthropic),
    Format::new("huggingface-token", "a Hugging Face token", "hf_", HUGGING_FACE)
        .only_if(checksum::mixed_case),
    Format::new("huggingface-token", "a Hugging Face organisation token", "api_org_", HUGGING_FACE)
        .only_if(checksum::mixed_case),
    Format::new("replicate-token", "a Replicate token", "r8_", &[exact(ALNUM, 37)])
        .only_if(checksum::mixed_case),
    Format::new("groq-key", "a Groq key", "gsk_", &[exact(ALNUM, 52)])
        .only_if(checksum::mixed_case),
    Format::new("perplexity-key", "a Perplexity key", "pplx-", &[exact(ALNUM, 48)]),
    Format::new("xai-key", "an xAI key", "xai-", &[exact(ALNUM, 80)]),
    Format::new("nvidia-key", "an NVIDIA key", "nvapi-", &[exact(URL, 64)]),
    Format::new("openrouter-key", "an OpenRouter key", "sk-or-v1-", &[exact(HEX, 64)]),
    Format::new("langsmith-key", "a LangSmith personal key", "lsv2_pt_", LANGSMITH),
    Format::new("langsmith-key", "a LangSmith service key", "lsv2_sk_", LANGSMITH),
    Format::new("langfuse-key", "a Langfuse secret key", "sk-lf-", &[Part::Uuid]),
    Format::new(
        "pinecone-key",
        "a Pinecone key",
        "pcsk_",
        &[between(ALNUM, 4, 8), text("_"), between(ALNUM, 58, 66)],
    ),
    Format::new("elevenlabs-key", "an ElevenLabs key", "sk_", &[exact(HEX, 48)]),
    Format::new("tavily-key", "a Tavily key", "tvly-", &[exact(ALNUM, 32)]).warn(),
    Format::new("jina-key", "a Jina key", "jina_", &[exact(HEX, 32), exact(URL, 28)]),
    Format::new("firecrawl-key", "a Firecrawl key", "fc-", &[exact(HEX, 32)]).near(&["firecrawl"]),
    Format::new("e2b-key", "an E2B key", "e2b_", &[exact(HEX, 40)]),
    Format::new("cerebras-key", "a Cerebras key", "csk-", &[exact(LOWER, 48)]),
];
