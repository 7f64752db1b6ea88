public import AttuneCore
import CFFI

/// A native function with its signature, prepared for calls through libffi.
///
/// The signature is a promise of the caller: nothing in the machine code can be checked against it.
public final class NativeFunction: @unchecked Sendable {
  // Unchecked: everything is written in `init` and only read afterwards.

  /// What people call it: the symbol, or the name in the signature.
  public let name: String
  public let signature: NativeSignature
  /// What `ptr` arguments get.
  public let context: UnsafeMutableRawPointer?

  let address: @convention(c) () -> Void
  let interface: UnsafeMutablePointer<ffi_cif>
  private let types: UnsafeMutablePointer<UnsafeMutablePointer<ffi_type>?>

  /// Prepares calls of `address`, once; a call then allocates nothing.
  public init(
    _ address: @escaping @convention(c) () -> Void, name: String? = nil,
    signature: NativeSignature, context: UnsafeMutableRawPointer? = nil
  ) throws(AttuneError) {
    self.address = address
    self.name = name ?? signature.functionName ?? "native function"
    self.signature = signature
    self.context = context
    let count = signature.arguments.count
    types = .allocate(capacity: max(count, 1))
    for (index, argument) in signature.arguments.enumerated() {
      types[index] =
        switch argument.kind {
        case .parameter(let type), .count(let type): type.ffiType
        case .context, .values, .gradient, .parameters: attune_ffi_pointer()
        }
    }
    let result: UnsafeMutablePointer<ffi_type> =
      switch signature.result {
      case .value(let type): type.ffiType
      case .status: attune_ffi_i32()
      case .nothing: attune_ffi_void()
      }
    interface = .allocate(capacity: 1)
    interface.initialize(to: ffi_cif())
    let status = ffi_prep_cif(interface, FFI_DEFAULT_ABI, UInt32(count), result, types)
    guard status == FFI_OK else {
      throw AttuneError(
        .notSupported,
        "signature \"\(signature.text)\": libffi cannot prepare it (status \(status.rawValue))",
        subject: "signature")
    }
  }

  deinit {
    interface.deallocate()
    types.deallocate()
  }
}
