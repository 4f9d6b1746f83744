/// What can be wrong with a plan, before anything is run.
public enum OrchestrationError: Error, Equatable, Sendable {
    case cycle(titles: [String])
    case duplicate(title: String)
    case unlisted(digest: String, namedBy: String)
    case unregistered(title: String)
    case usedTwice
}

extension OrchestrationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .cycle(let titles):
            "stages depend on one another in a circle ("
                + titles.map { "'\($0)'" }.joined(separator: " -> ") + "): remove one dependency"
        case .duplicate(let title):
            "stage '\(title)' is in the plan twice: list it once"
        case .unlisted(let digest, let owner):
            "stage \(digest), named by \(owner), is not in the plan: add it"
        case .unregistered(let title):
            "stage '\(title)' is not in the results database: register the sweep before running it"
        case .usedTwice:
            "this run was started before: make a new SweepRun for another go"
        }
    }
}
