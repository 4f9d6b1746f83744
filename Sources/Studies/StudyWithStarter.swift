import Foundation

/// A study that can begin a sweep file for somebody who has none: `init`.
public protocol StudyWithStarter: Study {
    /// A file for what is wished, from the largest that one might want to the smallest that says anything.
    ///
    /// Throws: in words for the user, what is wished and cannot be.
    func starters(for wish: StarterWish) throws -> [StarterFile]
}

/// What somebody wants to begin with.
public struct StarterWish: Sendable {
    public var name: String
    /// Where the data are; nil for what the study has by itself.
    public var data: String?
    /// The settings to vary; none for what the study likes best.
    public var vary: [String]

    public init(name: String, data: String? = nil, vary: [String] = []) {
        self.name = name
        self.data = data
        self.vary = vary
    }
}

/// A sweep file with comments, and what it needs beside it.
public struct StarterFile: Sendable {
    public var text: String
    /// Files beside it, by name; one that is there already is left as it is.
    public var companions: [String: String]

    public init(_ text: String, companions: [String: String] = [:]) {
        self.text = text
        self.companions = companions
    }
}
