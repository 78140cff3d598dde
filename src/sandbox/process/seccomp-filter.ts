/**
 * The system calls a sandbox may not make, as a program the kernel runs before each call (seccomp BPF). It takes
 * away what an engine never needs and what escapes from containers are made of: further processes and namespaces,
 * sockets but local ones to listen on, mounts, tracing, keys, io_uring, bpf, shared memory that no limit counts,
 * files made, changed or removed. A list of what is denied, since an engine's own needs change with its version.
 */

interface Architecture {
  /** AUDIT_ARCH_* of <linux/audit.h>. */
  readonly audit: number;
  readonly denied: readonly number[];
  readonly socket: number;
  readonly socketpair: number;
  readonly clone: number;
  readonly openat: number;
  /** Of x64 alone. */
  readonly open?: number;
}

/** The same number on every architecture, since 2019. */
const newer = {
  io_uring_setup: 425,
  io_uring_enter: 426,
  io_uring_register: 427,
  open_tree: 428,
  move_mount: 429,
  fsopen: 430,
  fsconfig: 431,
  fsmount: 432,
  fspick: 433,
  pidfd_getfd: 438,
  process_madvise: 440,
  mount_setattr: 442,
  memfd_secret: 447,
  fchmodat2: 452,
};

/** Numbers as in <asm/unistd_64.h> and <asm-generic/unistd.h>: [x64, arm64]. */
const older: { readonly [name: string]: readonly [x64: number, arm64: number] } = {
  acct: [163, 89],
  add_key: [248, 217],
  adjtimex: [159, 171],
  bpf: [321, 280],
  chroot: [161, 51],
  clock_adjtime: [305, 266],
  clock_settime: [227, 112],
  connect: [42, 203],
  fchmod: [91, 52],
  fchmodat: [268, 53],
  fchown: [93, 55],
  fchownat: [260, 54],
  fremovexattr: [199, 16],
  fsetxattr: [190, 7],
  linkat: [265, 37],
  lremovexattr: [198, 15],
  lsetxattr: [189, 6],
  mkdirat: [258, 34],
  mknodat: [259, 33],
  removexattr: [197, 14],
  renameat: [264, 38],
  renameat2: [316, 276],
  setxattr: [188, 5],
  symlinkat: [266, 36],
  truncate: [76, 45],
  unlinkat: [263, 35],
  utimensat: [280, 88],
  delete_module: [176, 106],
  fanotify_init: [300, 262],
  finit_module: [313, 273],
  init_module: [175, 105],
  kcmp: [312, 272],
  kexec_file_load: [320, 294],
  kexec_load: [246, 104],
  keyctl: [250, 219],
  lookup_dcookie: [212, 18],
  migrate_pages: [256, 238],
  mount: [165, 40],
  move_pages: [279, 239],
  mq_open: [240, 180],
  msgget: [68, 186],
  name_to_handle_at: [303, 264],
  nfsservctl: [180, 42],
  open_by_handle_at: [304, 265],
  perf_event_open: [298, 241],
  personality: [135, 92],
  pivot_root: [155, 41],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  ptrace: [101, 117],
  quotactl: [179, 60],
  reboot: [169, 142],
  request_key: [249, 218],
  semget: [64, 190],
  setdomainname: [171, 162],
  sethostname: [170, 161],
  setns: [308, 268],
  settimeofday: [164, 170],
  shmat: [30, 196],
  shmget: [29, 194],
  swapoff: [168, 225],
  swapon: [167, 224],
  syslog: [103, 116],
  umount2: [166, 39],
  unshare: [272, 97],
  userfaultfd: [323, 282],
  vhangup: [153, 58],
  vmsplice: [278, 75],
};

/** Of x64 alone: fork, vfork, uselib, ustat, sysfs, modify_ldt, _sysctl, iopl, ioperm. */
const x64Only = [57, 58, 134, 136, 139, 154, 156, 172, 173];
/** Of x64 alone: rename, mkdir, rmdir, creat, link, unlink, symlink, chmod, chown, lchown, utime, mknod, utimes, futimesat. */
const x64Files = [82, 83, 84, 85, 86, 87, 88, 90, 92, 94, 132, 133, 235, 261];

const architectures: { readonly [arch: string]: Architecture } = {
  x64: {
    audit: 0xc000003e,
    denied: [...x64Only, ...x64Files, ...Object.values(older).map(([x64]) => x64), ...Object.values(newer)],
    socket: 41,
    socketpair: 53,
    clone: 56,
    open: 2,
    openat: 257,
  },
  arm64: {
    audit: 0xc00000b7,
    denied: [...Object.values(older).map(([, arm64]) => arm64), ...Object.values(newer)],
    socket: 198,
    socketpair: 199,
    clone: 220,
    openat: 56,
  },
};

const clone3 = 435;
const openat2 = 437;
const unixSockets = 1;
/** SOCK_STREAM; the flags of a socket's type lie above. */
const [streamSockets, socketTypes] = [1, 0xf];
/** O_WRONLY, O_RDWR, O_CREAT, O_TRUNC and the bit of O_TMPFILE: what makes a file or changes one. */
const writes = 0x1 | 0x2 | 0x40 | 0x200 | 0x400000;
const cloneThread = 0x10000;
/** Any of CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const cloneNamespaces = 0x7e020000;
/** From here on x64 would take numbers of the x32 interface. */
const x32 = 0x40000000;

const allow = 0x7fff0000;
const kill = 0x80000000;
const fail = (errno: number): number => 0x00050000 | errno;
const errno = { EPERM: 1, ENOSYS: 38, EAFNOSUPPORT: 97 };

/** Offsets into `struct seccomp_data`. */
const field = { number: 0, architecture: 4, firstArgument: 16, secondArgument: 24, thirdArgument: 32 };

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, operand: number];
const load = (offset: number): Instruction => [0x20, 0, 0, offset];
const mask = (bits: number): Instruction => [0x54, 0, 0, bits];
const give = (answer: number): Instruction => [0x06, 0, 0, answer];
/** Each goes on with the next instruction when true, or skips so many when false. */
const ifEqual = (value: number, skip: number): Instruction => [0x15, 0, skip, value];
const ifAtLeast = (value: number, skip: number): Instruction => [0x35, 0, skip, value];
const ifAnyBit = (bits: number, skip: number): Instruction => [0x45, 0, skip, bits];

/** `prctl`, by which a process puts a filter before itself. */
export function prctlNumber(arch: string = process.arch): number {
  return arch === "x64" ? 157 : 167;
}

/** The filter for this machine's architecture as the kernel takes it; undefined where there is none. */
export function makeSeccompFilter(arch: string = process.arch): Uint8Array | undefined {
  const architecture = architectures[arch];
  if (!architecture) return undefined;
  const { audit, denied, socket, socketpair, clone, open, openat } = architecture;
  const program: readonly Instruction[] = [
    load(field.architecture),
    [0x15, 1, 0, audit],
    give(kill),
    load(field.number),
    ifAtLeast(x32, 1),
    give(kill),
    ...denied.flatMap((number) => [ifEqual(number, 1), give(fail(errno.EPERM))]),
    // The C library falls back to `clone`, whose flags can be looked at.
    ifEqual(clone3, 1),
    give(fail(errno.ENOSYS)),
    // Its flags lie behind a pointer, where they cannot be looked at; the C library falls back to `openat`.
    ifEqual(openat2, 1),
    give(fail(errno.ENOSYS)),
    ...(open === undefined ? [] : unlessFlags(open, field.secondArgument)),
    ...unlessFlags(openat, field.thirdArgument),
    ...onlyLocalStreams(socket),
    ...onlyLocalStreams(socketpair),
    ifEqual(clone, 6),
    load(field.firstArgument),
    ifAnyBit(cloneNamespaces, 1),
    give(fail(errno.EPERM)),
    ifAnyBit(cloneThread, 1),
    give(allow),
    give(fail(errno.EPERM)),
    give(allow),
  ];
  return encode(program);
}

/** A socket of another kind could send to a path without being connected to it. */
function onlyLocalStreams(number: number): readonly Instruction[] {
  return [
    ifEqual(number, 8),
    load(field.firstArgument),
    ifEqual(unixSockets, 5),
    load(field.secondArgument),
    mask(socketTypes),
    ifEqual(streamSockets, 1),
    give(allow),
    give(fail(errno.EPERM)),
    give(fail(errno.EAFNOSUPPORT)),
  ];
}

/** Refuses the call where its flags would make a file or change one. */
function unlessFlags(number: number, argument: number): readonly Instruction[] {
  return [ifEqual(number, 4), load(argument), ifAnyBit(writes, 1), give(fail(errno.EPERM)), give(allow)];
}

function encode(program: readonly Instruction[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(program.length * 8));
  for (const [index, [code, ifTrue, ifFalse, operand]] of program.entries()) {
    bytes.setUint16(index * 8, code, true);
    bytes.setUint8(index * 8 + 2, ifTrue);
    bytes.setUint8(index * 8 + 3, ifFalse);
    bytes.setUint32(index * 8 + 4, operand, true);
  }
  return new Uint8Array(bytes.buffer);
}
