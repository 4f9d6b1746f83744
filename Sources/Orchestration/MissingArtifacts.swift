public import Digests

/// Thrown by a stage that finds the file of a dependency gone or damaged: that dependency is
/// computed again, then the stage.
public struct MissingArtifacts: Error, Sendable, Hashable, CustomStringConvertible {
    public var stages: [Digest]
    public var reason: String

    public init(stages: [Digest], reason: String) {
        self.stages = stages
        self.reason = reason
    }

    public var description: String { reason }
}
