/// What can be wrong with a scene, an array or a signal that a user asked for.
public enum AcousticsError: Error, Equatable {
    case settingOutOfRange(name: String, value: String, rule: String)
    case reverberationTimeUnreachable(
        reverberationTime: Double, size: SIMD3<Double>, shortest: Double)
    case noRoomFits(reverberationTime: Double, attempts: Int)
    case sourceDoesNotFit(attempts: Int)
    case outsideRoom(what: String, position: SIMD3<Double>, size: SIMD3<Double>)
    case microphonesMissing
    case microphonesCoincide(first: Int, second: Int)
    case sourceOnMicrophone(distance: Double)
    case signalCount(given: Int, sources: Int)
    case sourceMissing(index: Int, sources: Int)
    case impulseResponseTooLong(seconds: Double, limit: Double)
}

extension AcousticsError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .settingOutOfRange(let name, let value, let rule):
            return "\(name) is \(value), but must be \(rule)"
        case .reverberationTimeUnreachable(let time, let size, let shortest):
            return "a room of \(Self.metres(size)) cannot have a reverberation time of \(time) s: "
                + "its walls would have to absorb more than \(ShoeboxRoom.maximumAbsorption) of the "
                + "energy; ask for at least \(Self.rounded(shortest)) s, or for a smaller room"
        case .noRoomFits(let time, let attempts):
            return "none of \(attempts) rooms drawn can have a reverberation time of \(time) s; "
                + "raise the reverberation time or lower the room sizes"
        case .sourceDoesNotFit(let attempts):
            return "no place for array and sources found in \(attempts) draws; lower the source "
                + "distance or the wall distance, slow the motion, or raise the room sizes"
        case .outsideRoom(let what, let position, let size):
            return "\(what) is at \(Self.metres(position)), outside the room of "
                + "\(Self.metres(size)); move it inside the walls"
        case .microphonesMissing:
            return "the array has 0 microphones; give it at least one"
        case .microphonesCoincide(let first, let second):
            return "microphones \(first) and \(second) are at the same place; move one of them"
        case .sourceOnMicrophone(let distance):
            return "a source is \(Self.rounded(distance)) m from a microphone; keep it at least "
                + "\(SceneRenderer.minimumDistance) m away"
        case .signalCount(let given, let sources):
            return "\(given) signals were given for a scene of \(sources) sources; "
                + "give one a source"
        case .sourceMissing(let index, let sources):
            return "source \(index) was asked for, but the scene has \(sources) "
                + "(numbered from 0)"
        case .impulseResponseTooLong(let seconds, let limit):
            return "an impulse response of \(Self.rounded(seconds)) s was asked for, but at most "
                + "\(Self.rounded(limit)) s can be computed; lower the reverberation time"
        }
    }

    private static func metres(_ vector: SIMD3<Double>) -> String {
        "\(rounded(vector.x)) x \(rounded(vector.y)) x \(rounded(vector.z)) m"
    }

    private static func rounded(_ value: Double) -> String {
        String((value * 1000).rounded() / 1000)
    }
}
