public import Platform

extension SoundDataError: MachineFault {
    public var isMachineFault: Bool {
        switch self {
        case .diskFull, .fileSystem, .noThread: true
        default: false
        }
    }
}
