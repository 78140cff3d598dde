/**
 * Thirty-one calendar events, one for each day of a month: Cloudflare's comparison of Code Mode with tool calls.
 */
import { deepStrictEqual } from "node:assert";
import type { Workload } from "./workload.ts";

const titles = "Planning, Budget, Design review, Hiring, Roadmap, Retro, All hands, Security, Billing, Launch, Support, Partners, Legal, Research, Training, Migration, Incident drill, Metrics, Onboarding, Pricing, Docs, Accessibility, Mobile, Search, Infra, Brand, Sales, Events, Audit, Forecast, Wrap-up".split(", "); // prettier-ignore
const day = (at: number): string => `2026-01-${String(at + 1).padStart(2, "0")}`;
const eventOf = (at: number): { readonly [name: string]: unknown } => ({
  calendarId: "team@example.com",
  summary: titles[at],
  start: `${day(at)}T09:00:00Z`,
  end: `${day(at)}T10:00:00Z`,
});

export const calendar: Workload = {
  name: "31 calendar events",
  published: "−81% (Cloudflare)",
  bar: { share: 0.19 },
  source: "calendar",
  tools: {
    create_event: {
      description: "Creates an event in a calendar.",
      effect: "write",
      input: {
        type: "object",
        properties: {
          calendarId: { type: "string" },
          summary: { type: "string" },
          start: { type: "string", format: "date-time" },
          end: { type: "string", format: "date-time" },
        },
        required: ["calendarId", "summary", "start", "end"],
      },
      output: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
      run: (args: unknown) => toEvent(args as { readonly [name: string]: unknown }),
    },
    list_events: {
      description: "Lists the events of a calendar between two times.",
      effect: "read",
      input: { type: "object", properties: { calendarId: { type: "string" } }, required: ["calendarId"] },
      run: () => [],
    },
  },
  query: "create a calendar event",
  program: `const titles = ${JSON.stringify(titles.join(","))}.split(",");
const events = await Promise.all(titles.map((summary, at) => {
  const day = \`2026-01-\${String(at + 1).padStart(2, "0")}\`;
  return tools.calendar.create_event({ calendarId: "team@example.com", summary, start: \`\${day}T09:00:00Z\`, end: \`\${day}T10:00:00Z\` });
}));
return events.length;`,
  calls: titles.map((_, at) => ({ tool: "create_event", args: eventOf(at) })),
  verify: (result) => deepStrictEqual(result, 31),
};

/** What the Google Calendar API answers to an insert. */
function toEvent({ summary, start, end, calendarId }: { readonly [name: string]: unknown }): object {
  const id = `ev${String(start).replaceAll(/\D/g, "")}`;
  return {
    kind: "calendar#event",
    etag: '"3383938475930000"',
    id,
    status: "confirmed",
    htmlLink: `https://www.google.com/calendar/event?eid=${id}`,
    created: "2026-01-01T08:00:00.000Z",
    updated: "2026-01-01T08:00:00.000Z",
    summary,
    creator: { email: calendarId, self: true },
    organizer: { email: calendarId, self: true },
    start: { dateTime: start, timeZone: "UTC" },
    end: { dateTime: end, timeZone: "UTC" },
    iCalUID: `${id}@google.com`,
    sequence: 0,
    reminders: { useDefault: true },
    eventType: "default",
  };
}
