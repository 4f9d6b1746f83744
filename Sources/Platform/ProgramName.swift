import Synchronization

/// What the program is called: messages name commands of the program that the user has, which need not
/// be `ablate`.
public enum ProgramName {
    private static let name = Mutex("ablate")

    public static var current: String { name.withLock { $0 } }

    /// To be called before anything is said.
    public static func set(_ text: String) { name.withLock { $0 = text } }
}
