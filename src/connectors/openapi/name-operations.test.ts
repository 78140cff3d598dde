import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nameOperations, type NamedOperation } from "./name-operations.ts";

function operation(over: Partial<NamedOperation> & { id?: string; tag?: string } = {}): NamedOperation {
  const { id, tag, ...rest } = over;
  return {
    ...(id !== undefined && { operationId: id }),
    method: "GET",
    path: "/x",
    tags: tag === undefined ? [] : [tag],
    answersList: false,
    ...rest,
  };
}

const name = (...operations: NamedOperation[]) =>
  nameOperations(operations).map((segments) => segments.join("."));

describe("from the operationId and the tag", () => {
  test.each<[id: string, tag: string | undefined, expected: string]>([
    ["repos/create-in-org", "repos", "repos.createInOrg"],
    ["classroom/get-a-classroom", "classroom", "classroom.getClassroom"],
    ["files.permissions.list", undefined, "files.permissions.list"],
    ["getTask", "Tasks", "tasks.get"],
    ["getTasks", "Tasks", "tasks.getTasks"],
    ["deleteTask", "Tasks", "tasks.delete"],
    ["duplicateTask", "Tasks", "tasks.duplicate"],
    ["getTasksForProject", "Tasks", "tasks.getForProject"],
    ["createTaskForProject", "Tasks", "tasks.createForProject"],
    ["getTaskForProject", "Tasks", "tasks.getTaskForProject"],
    ["createTaskComment", "Tasks", "tasks.createTaskComment"],
    ["ListCallRecording", "CallRecording", "callRecording.list"],
    ["listPets", "pets", "pets.list"],
    ["updateComment", "Issue comments", "issueComments.update"],
    ["page-rules-delete-a-page-rule", "Page Rules", "pageRules.delete"],
    ["radar-get-http-timeseries", "Radar Http", "radarHttp.getTimeseries"],
    ["queue-v2-delete-queue", "Queue", "queue.delete"],
    ["custom-pages-for-a-zone-get-a-custom-page", "Custom pages for a zone", "customPagesForZone.get"],
    [
      "access-mtls-authentication-add-an-mtls-certificate",
      "Access mTLS authentication",
      "accessMTLSAuthentication.addMtlsCertificate",
    ],
    [
      "analyze-certificate-analyze-certificate",
      "Analyze Certificate",
      "analyzeCertificate.analyzeCertificate",
    ],
    ["approve", "admin.apps", "admin.apps.approve"],
    ["getUser", "Admin / Users", "admin.users.get"],
    ["listCoreV1NamespacedPod", "core_v1", "coreV1.listNamespacedPod"],
    ["UsersController_findAll", undefined, "users.findAll"],
    ["get_user_by_id", undefined, "getUserById"],
    ["get_user_by_id", "users", "users.getUserById"],
    ["listPets", undefined, "listPets"],
    ["__proto__", undefined, "proto"],
    ["constructor", "prototype", "prototype.constructor"],
    ["日本語_取得", undefined, "日本語取得"],
  ])("%s (%s) → %s", (id, tag, expected) => {
    expect(name(operation({ id, ...(tag !== undefined && { tag }) }))).toEqual([expected]);
  });

  test("underscores nest where the document uses them so", () => {
    expect(
      name(
        operation({ id: "apps_cancel_deployment", tag: "Apps" }),
        operation({ id: "volumeSnapshots_delete_byId", tag: "Block Storage" }),
        operation({
          id: "admin_conversations_restrictAccess_addGroup",
          tag: "admin.conversations.restrictAccess",
        }),
        operation({ id: "oneClicks_list", tag: "1-Click Applications" }),
      ),
    ).toEqual([
      "apps.cancelDeployment",
      "volumeSnapshots.deleteById",
      "admin.conversations.restrictAccess.addGroup",
      "oneClicks.list",
    ]);
  });

  test("what every tag or every id begins with says nothing", () => {
    const tags = ["Account", "Call", "Message"];
    expect(name(...tags.map((tag) => operation({ id: `Fetch${tag}`, tag: `Api20100401${tag}` })))).toEqual([
      "account.fetch",
      "call.fetch",
      "message.fetch",
    ]);
    expect(name(operation({ id: "drive.files.list" }), operation({ id: "drive.about.get" }))).toEqual([
      "files.list",
      "about.get",
    ]);
  });

  test("tags in prose nest where the paths show that their first words are a thing", () => {
    const at = (id: string, tag: string, path: string) => operation({ id, tag, path });
    expect(
      name(
        at("radar-get-http-timeseries", "Radar Http", "/radar/http/timeseries"),
        at("addComment", "Issue comments", "/issue/{key}/comment"),
        at("getIssue", "Issues", "/issue/{key}"),
        at("listPools", "Account Load Balancer Pools", "/accounts/{id}/load_balancers/pools"),
        at("get-zone-level-thing", "Zone-Level Thing", "/zones/{id}/things"),
        at("dns-records-for-a-zone-list", "DNS Records for a Zone", "/zones/{id}/dns_records"),
        at("getRule", "Page Rules", "/zones/{id}/pagerules"),
      ),
    ).toEqual([
      "radar.http.getTimeseries",
      "issues.comments.add",
      "issues.get",
      "account.loadBalancer.pools.list",
      "zoneLevelThing.get",
      "dnsRecordsForZone.list",
      "pageRules.get",
    ]);
  });

  test("FastAPI's appended path goes", () => {
    const id = "read_item_items__item_id__get";
    expect(name(operation({ id, path: "/items/{item_id}", tag: "items" }))).toEqual(["items.read"]);
  });

  test("a list is a list", () => {
    expect(
      name(
        operation({ id: "getTasks", tag: "Tasks", answersList: true }),
        operation({ id: "getTask", tag: "Tasks" }),
      ),
    ).toEqual(["tasks.list", "tasks.get"]);
  });

  test("OpenAPI 3.2 nests tags by their parents, however crooked", () => {
    const parents = new Map([
      ["rules", "network"],
      ["network", "zones"],
      ["a", "b"],
      ["b", "a"],
    ]);
    const [nested, looped] = nameOperations(
      [operation({ id: "get", tag: "rules" }), operation({ id: "put", tag: "a" })],
      parents,
    );
    expect(nested).toEqual(["zones", "network", "rules", "get"]);
    expect(looped).toEqual(["b", "a", "put"]);
  });
});

describe("from method and path", () => {
  test("as a person would read them", () => {
    const routes: [string, string, string, boolean?][] = [
      ["GET", "/v1/customers", "customers.list"],
      ["POST", "/v1/customers", "customers.create"],
      ["GET", "/v1/customers/{id}", "customers.get"],
      ["POST", "/v1/customers/{id}", "customers.update"],
      ["DELETE", "/v1/customers/{id}", "customers.delete"],
      ["GET", "/v1/customers/search", "customers.search"],
      ["GET", "/v1/customers/{id}/sources", "customers.sources.list", true],
      ["POST", "/v1/payment_intents/{intent}/confirm", "paymentIntents.confirm"],
      ["GET", "/v1/account", "account.get"],
      ["PUT", "/v1/account", "account.update"],
      ["GET", "/api/v2/settings.json", "settings.get"],
      ["PUT", "/v1/things/{id}", "things.replace"],
      ["PATCH", "/v1/things/{id}", "things.update"],
      ["HEAD", "/v1/things/{id}", "things.head"],
      ["GET", "/", "get"],
    ];
    const operations = routes.map(([method, path, , answersList = false]) =>
      operation({ method, path, answersList }),
    );
    expect(name(...operations)).toEqual(routes.map(([, , expected]) => expected));
  });

  test("paths that differ in their parameters only", () => {
    expect(name(operation({ path: "/users/{id}" }), operation({ path: "/users/{team}/{name}" }))).toEqual([
      "users.getById",
      "users.getByTeamAndName",
    ]);
  });

  test("an id that says nothing but method and path counts as none", () => {
    expect(
      name(
        operation({
          id: "GetCustomersCustomerSources",
          path: "/v1/customers/{customer}/sources",
          answersList: true,
        }),
      ),
    ).toEqual(["customers.sources.list"]);
    expect(
      name(
        operation({ id: "getGroup", path: "/group", tag: "Groups" }),
        operation({ id: "other", tag: "Groups" }),
        operation({ id: "another", tag: "Groups" }),
      ),
    ).toContain("groups.get");
  });
});

describe("all names of a document", () => {
  const any = fc.record({
    id: fc.option(
      fc.oneof(
        fc.string(),
        fc.constantFrom("list", "List", "a.list", "a", "getA", "get-a", "a_list", "__proto__"),
      ),
      { nil: undefined },
    ),
    tag: fc.option(fc.oneof(fc.string(), fc.constantFrom("a", "A", "a.list", "list")), { nil: undefined }),
    method: fc.constantFrom("GET", "POST", "PUT", "DELETE"),
    path: fc.constantFrom("/", "/a", "/a/list", "/a/{b}", "/{a}/{b}", "/a/list/{c}", "/v1/a"),
    answersList: fc.boolean(),
  });
  const many = fc.array(
    any.map(({ id, tag, ...rest }) =>
      operation({ ...rest, ...(id !== undefined && { id }), ...(tag !== undefined && { tag }) }),
    ),
    { maxLength: 25 },
  );

  test("are unique, have no empty segment, and none is another's group", () => {
    fc.assert(
      fc.property(many, (operations) => {
        const names = nameOperations(operations);
        const keys = new Set(names.map((segments) => segments.join(".").toLowerCase()));
        expect(keys.size).toBe(operations.length);
        for (const segments of names) {
          expect(segments.length).toBeGreaterThan(0);
          expect(segments.every((segment) => segment !== "")).toBe(true);
          for (let length = 1; length < segments.length; length += 1) {
            expect(keys).not.toContain(segments.slice(0, length).join(".").toLowerCase());
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test("do not depend on the document's order", () => {
    fc.assert(
      fc.property(many, (operations) => {
        const distinct = [
          ...new Map(operations.map((each) => [`${each.method} ${each.path}`, each])).values(),
        ];
        const there = nameOperations(distinct).map((segments) => segments.join("."));
        const back = nameOperations(distinct.toReversed()).map((segments) => segments.join("."));
        expect(back.toReversed()).toEqual(there);
      }),
      { numRuns: 200 },
    );
  });

  test("stay when operations are added that do not collide", () => {
    const before = [
      operation({ id: "listPets", tag: "pets", path: "/pets" }),
      operation({ id: "getPet", tag: "pets", path: "/pets/{id}" }),
      operation({ method: "POST", path: "/orders/{id}/cancel" }),
    ];
    const after = [
      operation({ id: "deletePet", tag: "pets", method: "DELETE", path: "/pets/{id}" }),
      ...before,
      operation({ id: "getOwner", tag: "owners", path: "/owners/{id}" }),
    ];
    expect(name(...after)).toEqual(expect.arrayContaining(name(...before)));
  });
});
