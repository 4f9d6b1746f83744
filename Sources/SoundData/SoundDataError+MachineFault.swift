public import Platform

extension SoundDataError: MachineFault {
    public var isMachineFault: Bool {
        switch self {
        case .diskFull, .fileSystem: true
        default: false
        }
    }
}
