import Platform

/// Recordings that a command cannot use: what, the value, what to do.
enum RecordingError: Error, CustomStringConvertible {
    case recordingTooShort(path: String, samples: Int, needed: Int)
    case tooFewChannels(path: String, channels: Int)
    case channelMismatch(path: String, channels: Int, microphones: Int)
    case notEmbeddable(path: String, reason: String)
    case replacesInput(path: String)

    var description: String {
        switch self {
        case .recordingTooShort(let path, let samples, let needed):
            "\(path) has \(samples) samples at 16 kHz, but a frame needs \(needed); give a longer "
                + "recording"
        case .tooFewChannels(let path, let channels):
            "\(path) has \(channels) channel, but directions need two or more; make a multichannel "
                + "recording of it with '\(ProgramName.current) simulate'"
        case .channelMismatch(let path, let channels, let microphones):
            "\(path) has \(channels) channels, but the encoder was trained for \(microphones) "
                + "microphones; give a recording of such an array"
        case .notEmbeddable(let path, let reason):
            "\(path) cannot be embedded: \(reason)"
        case .replacesInput(let path):
            "\(path) is what is read, and would be replaced by what is written; give -o another name"
        }
    }
}
