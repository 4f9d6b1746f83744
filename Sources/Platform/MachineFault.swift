/// An error that can tell whether the machine is at fault: no room, no memory, too few descriptors, a
/// disk that fails. What it kept from being computed can be computed once that is mended, and is not
/// recorded as failed.
///
/// The one place where this is decided for an error; who runs stages only asks.
public protocol MachineFault: Error {
    var isMachineFault: Bool { get }
}

extension PlatformError: MachineFault {
    public var isMachineFault: Bool {
        switch self {
        case .notAFile: false
        case .silentProgram, .threadRefused, .memoryRefused, .pipeRefused, .programRefused,
            .tooFewFiles,
            .unwritable:
            true
        }
    }
}
