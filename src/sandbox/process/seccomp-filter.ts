/**
 * The system calls a jailed sandbox may not make, as a program the kernel runs before each call (seccomp
 * BPF). It takes away what an engine never needs and what escapes from containers are made of: further
 * processes and namespaces, sockets but local ones, mounts, tracing, keys, io_uring, bpf, shared memory
 * that no limit counts. A list of what is denied, since an engine's own needs change with its version.
 */

interface Architecture {
  /** AUDIT_ARCH_* of <linux/audit.h>. */
  readonly audit: number;
  readonly denied: readonly number[];
  readonly socket: number;
  readonly clone: number;
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

const architectures: { readonly [arch: string]: Architecture } = {
  x64: {
    audit: 0xc000003e,
    denied: [...x64Only, ...Object.values(older).map(([x64]) => x64), ...Object.values(newer)],
    socket: 41,
    clone: 56,
  },
  arm64: {
    audit: 0xc00000b7,
    denied: [...Object.values(older).map(([, arm64]) => arm64), ...Object.values(newer)],
    socket: 198,
    clone: 220,
  },
};

const clone3 = 435;
const unixSockets = 1;
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
const field = { number: 0, architecture: 4, firstArgument: 16 };

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, operand: number];
const load = (offset: number): Instruction => [0x20, 0, 0, offset];
const give = (answer: number): Instruction => [0x06, 0, 0, answer];
/** Each goes on with the next instruction when true, or skips so many when false. */
const ifEqual = (value: number, skip: number): Instruction => [0x15, 0, skip, value];
const ifAtLeast = (value: number, skip: number): Instruction => [0x35, 0, skip, value];
const ifAnyBit = (bits: number, skip: number): Instruction => [0x45, 0, skip, bits];

/** The filter for this machine's architecture as the kernel takes it; undefined where there is none. */
export function makeSeccompFilter(arch: string = process.arch): Uint8Array | undefined {
  const architecture = architectures[arch];
  if (!architecture) return undefined;
  const { audit, denied, socket, clone } = architecture;
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
    ifEqual(socket, 4),
    load(field.firstArgument),
    ifEqual(unixSockets, 1),
    give(allow),
    give(fail(errno.EAFNOSUPPORT)),
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
