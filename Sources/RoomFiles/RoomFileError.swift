/// What is wrong with a file of impulse responses, for a message that names it.
public struct RoomFileFault: Error, Hashable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}

/// Files of impulse responses that cannot be used: which one, why.
public enum RoomFileError: Error, Hashable, CustomStringConvertible {
    case unusable(path: String, reason: String)
    /// The library that reads files of this kind was ended by one.
    case crashed(path: String, code: Int32)
    case silent(path: String, seconds: Double)

    public var description: String {
        switch self {
        case .unusable(let path, let reason): "'\(path)' cannot be used: \(reason)"
        case .crashed(let path, let code):
            "'\(path)' cannot be used: reading it ended in "
                + (code > 128 ? "signal \(code - 128)" : "exit code \(code)")
                + "; the file is damaged, or made to do harm"
        case .silent(let path, let seconds):
            "'\(path)' cannot be used: reading it has not ended within \(Int(seconds)) s; the file is damaged, "
                + "or far too large"
        }
    }
}
