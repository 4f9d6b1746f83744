/// Input of a command that does not fit: what, the value, what to do.
enum CommandError: Error, CustomStringConvertible {
    case recordingTooShort(path: String, samples: Int, needed: Int)
    case tooFewChannels(path: String, channels: Int)
    case channelMismatch(path: String, channels: Int, microphones: Int)

    var description: String {
        switch self {
        case .recordingTooShort(let path, let samples, let needed):
            "\(path) has \(samples) samples at 16 kHz, but a frame needs \(needed); give a longer "
                + "recording"
        case .tooFewChannels(let path, let channels):
            "\(path) has \(channels) channel, but directions need two or more; make a multichannel "
                + "recording of it with 'ablate simulate'"
        case .channelMismatch(let path, let channels, let microphones):
            "\(path) has \(channels) channels, but the encoder was trained for \(microphones) "
                + "microphones"
        }
    }
}
