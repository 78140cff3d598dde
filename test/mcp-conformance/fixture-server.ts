/**
 * What the conformance suite asks a server to have, as an MCP server over standard input and output: it stands behind
 * the gateway, whose native side is what the suite then tests.
 */
import {
  fromJsonSchema,
  inputRequired,
  inputResponse,
  McpServer,
  ResourceTemplate,
} from "@modelcontextprotocol/server";
import type { CallToolResult, ServerContext } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import * as z from "zod";

/** One red pixel, and one sample of silence. */
const image =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
const audio = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=";
const picture = { type: "image" as const, data: image, mimeType: "image/png" };

function text(said: string): CallToolResult {
  return { content: [{ type: "text", text: said }] };
}

function createFixtureServer(): McpServer {
  const server = new McpServer({ name: "conformance-fixture", version: "1" });
  addContentTools(server);
  addAskingTools(server);
  addForms(server);
  addResources(server);
  addPrompts(server);
  return server;
}

function addContentTools(server: McpServer): void {
  server.registerTool("test_simple_text", { description: "Text." }, () =>
    text("This is a simple text response for testing."),
  );
  server.registerTool("test_image_content", { description: "An image." }, () => ({ content: [picture] }));
  server.registerTool("test_audio_content", { description: "Sound." }, () => ({
    content: [{ type: "audio", data: audio, mimeType: "audio/wav" }],
  }));
  const embedded = (uri: string, mimeType: string, said: string) => ({
    type: "resource" as const,
    resource: { uri, mimeType, text: said },
  });
  server.registerTool("test_embedded_resource", { description: "A resource." }, () => ({
    content: [embedded("test://embedded-resource", "text/plain", "This is an embedded resource content.")],
  }));
  server.registerTool("test_multiple_content_types", { description: "All of it." }, () => ({
    content: [
      { type: "text", text: "Multiple content types test:" },
      picture,
      embedded("test://mixed-content-resource", "application/json", '{"test":"data","value":123}'),
    ],
  }));
  server.registerTool("test_error_handling", { description: "Fails." }, () => ({
    ...text("This tool intentionally returns an error for testing"),
    isError: true,
  }));
  server.registerTool("test_tool_with_progress", { description: "Takes its time." }, async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined)
        await mcpReq.notify({
          method: "notifications/progress",
          params: { progressToken, progress, total: 100, message: `${progress} of 100` },
        });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return text("done");
  });
  server.registerTool(
    "json_schema_2020_12_tool",
    { description: "A rich schema.", inputSchema: fromJsonSchema(richSchema) },
    () => text("understood"),
  );
}

const richSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object" as const,
  $defs: {
    address: {
      $anchor: "addressDef",
      type: "object",
      properties: { street: { type: "string" }, city: { type: "string" } },
    },
  },
  properties: {
    name: { type: "string" },
    address: { $ref: "#/$defs/address" },
    contactMethod: { type: "string", enum: ["phone", "email"] },
    phone: { type: "string" },
    email: { type: "string" },
  },
  allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
  if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  then: { required: ["phone"] },
  else: { required: ["email"] },
  additionalProperties: false,
};

function addAskingTools(server: McpServer): void {
  const answered = ({ mcpReq }: ServerContext, key: string) => inputResponse(mcpReq.inputResponses, key);
  server.registerTool(
    "test_sampling",
    { description: "Asks the model.", inputSchema: z.object({ prompt: z.string() }) },
    ({ prompt }, context) => {
      const given = answered(context, "words");
      if (given.kind === "sampling") return text(`LLM response: ${JSON.stringify(given.result.content)}`);
      const messages = [{ role: "user" as const, content: { type: "text" as const, text: prompt } }];
      return inputRequired({
        inputRequests: { words: inputRequired.createMessage({ messages, maxTokens: 100 }) },
      });
    },
  );
  server.registerTool(
    "test_input_required_result_sampling",
    { description: "Asks the model." },
    (context) => {
      const given = answered(context, "capital_question");
      if (given.kind === "sampling") return text(JSON.stringify(given.result.content));
      const content = { type: "text" as const, text: "What is the capital of France?" };
      return inputRequired({
        inputRequests: {
          capital_question: inputRequired.createMessage({
            messages: [{ role: "user", content }],
            maxTokens: 100,
          }),
        },
      });
    },
  );
  const username = { type: "object" as const, properties: { username: { type: "string" as const } } };
  server.registerTool(
    "test_elicitation",
    { description: "Asks the person.", inputSchema: z.object({ message: z.string() }) },
    ({ message }, context) => {
      const given = answered(context, "form");
      if (given.kind === "elicit")
        return text(`User response: ${JSON.stringify({ action: given.action, content: given.content })}`);
      return inputRequired({
        inputRequests: { form: inputRequired.elicit({ message, requestedSchema: username }) },
      });
    },
  );
  const named = {
    type: "object" as const,
    properties: { name: { type: "string" as const } },
    required: ["name"],
  };
  server.registerTool("test_input_required_result_elicitation", { description: "Asks." }, (context) => {
    const given = answered(context, "user_name");
    if (given.kind === "elicit") return text(`Hello, ${String(given.content?.["name"])}!`);
    return inputRequired({
      inputRequests: {
        user_name: inputRequired.elicit({ message: "What is your name?", requestedSchema: named }),
      },
    });
  });
}

type Form = Parameters<typeof inputRequired.elicit>[0]["requestedSchema"];

/** Tools that put one form after the other to the person. */
function addForms(server: McpServer): void {
  const asking = (name: string, forms: readonly Form[]): void => {
    server.registerTool(name, { description: "Asks the person." }, ({ mcpReq }) => {
      const state = mcpReq.requestState();
      const step = typeof state === "string" ? Number(state) : 0;
      const given = inputResponse(mcpReq.inputResponses, `step${step}`);
      const next = given.kind === "elicit" ? step + 1 : step;
      const form = forms[next];
      if (form === undefined && given.kind === "elicit")
        return text(`state-ok: action=${given.action}, content=${JSON.stringify(given.content ?? {})}`);
      return inputRequired({
        inputRequests: {
          [`step${next}`]: inputRequired.elicit({
            message: `Step ${next + 1}`,
            requestedSchema: form ?? { type: "object", properties: {} },
          }),
        },
        requestState: String(next),
      });
    });
  };
  const field = (name: string): Form => ({
    type: "object",
    properties: { [name]: { type: "string" } },
    required: [name],
  });
  asking("test_elicitation_sep1034_defaults", [
    {
      type: "object",
      properties: {
        name: { type: "string", default: "John Doe" },
        age: { type: "integer", default: 30 },
        score: { type: "number", default: 95.5 },
        status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
        verified: { type: "boolean", default: true },
      },
    },
  ]);
  asking("test_elicitation_sep1330_enums", [
    {
      type: "object",
      properties: {
        untitledSingle: { type: "string", enum: ["option1", "option2", "option3"] },
        titledSingle: { type: "string", oneOf: titled("value", "Option") },
        legacyEnum: {
          type: "string",
          enum: ["opt1", "opt2", "opt3"],
          enumNames: ["Option One", "Option Two", "Option Three"],
        },
        untitledMulti: { type: "array", items: { type: "string", enum: ["option1", "option2", "option3"] } },
        titledMulti: { type: "array", items: { anyOf: titled("value", "Choice") } },
      },
    },
  ]);
  asking("test_input_required_result_request_state", [field("ok")]);
  asking("test_input_required_result_tampered_state", [field("ok")]);
  asking("test_input_required_result_multi_round", [field("name"), field("color")]);
  asking("test_streaming_elicitation", [field("name")]);
}

function titled(value: string, title: string): { const: string; title: string }[] {
  return [1, 2, 3].map((at) => ({ const: `${value}${at}`, title: `${title} ${at}` }));
}

function addResources(server: McpServer): void {
  server.registerResource("text", "test://static-text", { mimeType: "text/plain" }, ({ href: uri }) => ({
    contents: [{ uri, mimeType: "text/plain", text: "This is the content of the static text resource." }],
  }));
  server.registerResource("binary", "test://static-binary", { mimeType: "image/png" }, ({ href: uri }) => ({
    contents: [{ uri, mimeType: "image/png", blob: image }],
  }));
  const template = new ResourceTemplate("test://template/{id}/data", { list: undefined });
  server.registerResource(
    "template",
    template,
    { mimeType: "application/json" },
    ({ href: uri }, { id }) => ({
      contents: [
        {
          uri,
          mimeType: "application/json",
          text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }),
        },
      ],
    }),
  );
}

function addPrompts(server: McpServer): void {
  const said = (content: { type: "text"; text: string } | typeof picture) => ({
    role: "user" as const,
    content,
  });
  const words = (given: string) => said({ type: "text", text: given });
  server.registerPrompt("test_simple_prompt", { description: "Simple." }, () => ({
    messages: [words("This is a simple prompt for testing.")],
  }));
  server.registerPrompt(
    "test_prompt_with_arguments",
    { description: "With arguments.", argsSchema: z.object({ arg1: z.string(), arg2: z.string() }) },
    ({ arg1, arg2 }) => ({
      messages: [words(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
    }),
  );
  server.registerPrompt(
    "test_prompt_with_embedded_resource",
    { description: "With a resource.", argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri: uri }) => ({
      messages: [
        {
          role: "user",
          content: {
            type: "resource",
            resource: { uri, mimeType: "text/plain", text: "Embedded resource content for testing." },
          },
        },
        words("Please process the embedded resource above."),
      ],
    }),
  );
  server.registerPrompt("test_prompt_with_image", { description: "With an image." }, () => ({
    messages: [said(picture), words("Please analyze the image above.")],
  }));
}

serveStdio(createFixtureServer);
