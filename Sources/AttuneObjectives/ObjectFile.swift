import AttuneCore

/// Checks a file before the loader runs its code: a shared object for this machine?
///
/// ELF only (System V ABI, chapter 4); elsewhere the loader's own check must do.
enum ObjectFile {
  private static let machines: [UInt16: String] = [
    3: "x86", 8: "MIPS", 20: "PowerPC", 21: "PowerPC 64", 22: "S/390", 40: "ARM", 62: "x86-64",
    183: "AArch64", 243: "RISC-V", 258: "LoongArch",
  ]

  private static var ownMachine: UInt16? {
    #if arch(x86_64)
      62
    #elseif arch(arm64)
      183
    #elseif arch(i386)
      3
    #elseif arch(arm)
      40
    #elseif arch(powerpc64le)
      21
    #elseif arch(s390x)
      22
    #elseif arch(riscv64)
      243
    #else
      nil
    #endif
  }

  /// Throws an error that names the file, what it is and what was wanted.
  static func check(_ path: String) throws(AttuneError) {
    #if os(Linux) || os(FreeBSD) || os(Android)
      let header = try File.start(path, limit: 20)
      if let problem = problem(header) {
        throw AttuneError(.plugin, "plugin \(path): \(problem)", subject: path)
      }
    #endif
  }

  /// What is wrong with a file that begins with these bytes, or `nil`.
  static func problem(_ header: [UInt8]) -> String? {
    guard header.count >= 20, header[0...3].elementsEqual([0x7F, 0x45, 0x4C, 0x46]) else {
      return "the file is no ELF file, wanted a shared object"
    }
    func half(_ offset: Int) -> UInt16 {
      let (a, b) = (UInt16(header[offset]), UInt16(header[offset + 1]))
      return header[5] == 2 ? a << 8 | b : b << 8 | a
    }
    let type = half(16)
    guard type == 3 else {
      let found = type == 1 ? "an object file" : type == 2 ? "a program" : "ELF type \(type)"
      return "the file is \(found), wanted a shared object (link with -shared)"
    }
    let bits = header[4] == 2 ? 64 : 32
    let name = machines[half(18)] ?? "machine \(half(18))"
    guard let own = ownMachine else { return nil }
    guard bits == MemoryLayout<Int>.size * 8, half(18) == own else {
      let wanted = "\(MemoryLayout<Int>.size * 8) bits for \(machines[own] ?? "machine \(own)")"
      return "the file has \(bits) bits for \(name), wanted \(wanted)"
    }
    return nil
  }
}
