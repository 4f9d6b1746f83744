public import Platform

extension SoundDataError: MachineFault {
    public var isMachineFault: Bool {
        switch self {
        case .diskFull, .fileTooLarge, .fileSystem: true
        // Every clip could be decoded when the data set was looked at, and what stands in a bank's way
        // can be moved: the same command goes on then.
        case .changed, .unreadable, .notABank: true
        default: false
        }
    }
}
