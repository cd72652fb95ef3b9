// Each moment is one question on the standard input of `assize hook opencode`. OpenCode drops a call
// whose hook throws and runs every other one, so whatever is no answer throws.

import { spawn } from "node:child_process"

const COMMAND = "@ASSIZE@"
const WAIT_MS = 10_000
const GATE_WAIT_MS = 60_000
const OUTPUT_MAX = 1 << 20
// A person's word ends a row of turns that Assize asked for.
const TURNS_MAX = 8

// What the program printed and how it ended, or why there is nothing of it.
const run = (payload, wait) =>
  new Promise((resolve) => {
    const said = { status: null, stdout: "", stderr: "", failure: null }
    let child
    const end = (failure) => {
      clearTimeout(timer)
      said.failure = failure
      resolve(said)
    }
    const timer = setTimeout(() => {
      child?.kill("SIGKILL")
      end(`no answer in ${wait / 1000} s`)
    }, wait)
    try {
      // In its own place, so that the end of the shell is the end of the program.
      const line = process.platform === "win32" ? COMMAND : `exec ${COMMAND}`
      child = spawn(line, { shell: true, cwd: payload.cwd, stdio: "pipe" })
    } catch (error) {
      return end(String(error))
    }
    const take = (name) => (bytes) => {
      if (said[name].length < OUTPUT_MAX) said[name] += bytes
    }
    child.stdout.setEncoding("utf8").on("data", take("stdout"))
    child.stderr.setEncoding("utf8").on("data", take("stderr"))
    child.on("error", (error) => end(String(error)))
    child.on("close", (status, signal) => {
      said.status = status
      end(signal ? `ended by ${signal}` : null)
    })
    // Whoever refuses early does not read to the end.
    child.stdin.on("error", () => {})
    child.stdin.end(JSON.stringify(payload))
  })

// The answer as an object; throws where there is none, and where it is a refusal.
const answer = (said) => {
  let told = {}
  try {
    if (said.stdout) told = JSON.parse(said.stdout)
  } catch {
    said.failure ??= "an answer that is no JSON"
  }
  const refused = told?.deny || (said.status === 2 && said.stderr)
  if (refused) throw new Error(refused)
  if (said.failure) throw new Error(`Assize gave no answer: ${said.failure}`)
  if (said.status !== 0) throw new Error(`Assize gave no answer: status ${said.status}`)
  if (told === null || typeof told !== "object") throw new Error("Assize gave no answer: no object")
  return told
}

// At moments that cannot be stopped a refusal is one more text.
const heard = (said) => {
  try {
    return answer(said)
  } catch (error) {
    return { tell: error.message }
  }
}

export const Assize = async ({ client, directory }) => {
  let servers = []
  const parents = new Map()
  // By session: what the model is told at the start, and what goes with the next result.
  const context = new Map()
  const pending = new Map()
  const turns = new Map()
  const ours = new Set()

  const parent = async (session) => {
    if (!parents.has(session)) {
      try {
        const got = await client.session.get({ path: { id: session } })
        parents.set(session, got?.data?.parentID ?? null)
      } catch {
        return null
      }
    }
    return parents.get(session)
  }

  const ask = async (name, session, more, wait = WAIT_MS) => {
    let root = session
    for (let above = await parent(root); above; above = await parent(root)) root = above
    const payload = { hook_event_name: name, session_id: root, cwd: directory, ...more }
    if (root !== session) payload.agent_id = session
    return run(payload, wait)
  }

  const begin = async (session) => {
    if (context.has(session) || (await parent(session))) return
    context.set(session, "")
    const told = heard(await ask("SessionStart", session, { source: "startup" }))
    context.set(session, told.tell ?? "")
  }

  const call = (input, args) => ({
    tool_name: input.tool,
    tool_input: args ?? {},
    tool_use_id: input.callID,
    mcp_servers: servers,
  })

  const rest = async (session) => {
    const sub = await parent(session)
    const name = sub ? "SubagentStop" : "Stop"
    const more = { stop_hook_active: turns.has(session) }
    const told = heard(await ask(name, session, more, GATE_WAIT_MS))
    const count = (turns.get(session) ?? 0) + 1
    if (sub || !told.block || count > TURNS_MAX) return
    turns.set(session, count)
    ours.add(session)
    const parts = [{ type: "text", text: told.block }]
    await client.session.prompt({ path: { id: session }, body: { parts } })
  }

  return {
    config: async (config) => {
      servers = Object.keys(config?.mcp ?? {})
    },

    event: async ({ event }) => {
      const properties = event.properties ?? {}
      if (event.type === "session.created" && properties.info?.id) {
        parents.set(properties.info.id, properties.info.parentID ?? null)
      }
      if (event.type === "session.idle" && properties.sessionID) await rest(properties.sessionID)
    },

    "chat.message": async (input, output) => {
      const session = input.sessionID
      await begin(session)
      if (ours.delete(session)) return
      turns.delete(session)
      const texts = (output.parts ?? []).filter((part) => part.type === "text")
      const prompt = texts.map((part) => part.text).join("\n")
      const told = heard(await ask("UserPromptSubmit", session, { prompt }))
      if (told.tell) pending.set(session, told.tell)
    },

    "experimental.chat.system.transform": async (input, output) => {
      const told = [context.get(input.sessionID), pending.get(input.sessionID)].filter(Boolean)
      if (told.length) output.system.push(told.join("\n\n"))
    },

    "tool.execute.before": async (input, output) => {
      const told = answer(await ask("PreToolUse", input.sessionID, call(input, output.args)))
      if (told.tell) pending.set(input.callID, told.tell)
    },

    "tool.execute.after": async (input, output) => {
      const said = await ask("PostToolUse", input.sessionID, call(input, input.args))
      const text = [pending.get(input.callID), heard(said).tell].filter(Boolean).join("\n\n")
      pending.delete(input.callID)
      if (!text) return
      if (typeof output.output === "string") output.output += `\n\n${text}`
      else if (Array.isArray(output.content)) output.content.push({ type: "text", text })
    },

    dispose: async () => {
      for (const session of context.keys()) await ask("SessionEnd", session, { reason: "other" })
    },
  }
}
