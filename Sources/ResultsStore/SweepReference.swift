public import Digests

/// How a sweep is asked for: its name stands for the plan in view, `NAME@2` for its second revision.
///
/// Wherever the store takes the name of a sweep it takes such a reference.
public struct SweepReference: Sendable, Hashable, CustomStringConvertible {
    public var name: String
    /// From 1; nil for the plan in view.
    public var revision: Int?

    public init(_ name: String, revision: Int? = nil) {
        self.name = name
        self.revision = revision
    }

    /// What ``description`` wrote; a text whose end is no number is a name.
    public init(parsing text: String) {
        guard let at = text.lastIndex(of: "@"), let number = Int(text[text.index(after: at)...])
        else {
            self.init(text)
            return
        }
        self.init(String(text[..<at]), revision: number)
    }

    public var description: String { revision.map { "\(name)@\($0)" } ?? name }
}

/// One of the plans that were registered under a name.
public struct SweepRevision: Sendable, Hashable {
    /// Its name and number.
    public var reference: SweepReference
    /// The name alone stands for this one.
    public var isInView: Bool
    /// Equal for equal plans, in whichever store and under whichever name.
    public var plan: Digest
    /// Units: seconds since 1970; nil where an earlier version of the program registered it.
    public var registered: Double?

    /// As short as it can be asked for at present: the name alone for the plan in view.
    public var name: String { isInView ? reference.name : reference.description }
}
