/// What a sweep may be called: its results lie in a folder of that name, beside the database and the
/// cache, and `NAME@2` names its second revision.
public enum SweepNameRule {
    /// Other files and folders of a results folder.
    private static let taken = ["cache", "studies", "instruments", "bench.json"]

    /// The rule in words, to follow "must be".
    public static let text =
        "usable as a folder's name: letters, digits and '-', '_', '.', beginning with a letter or a "
        + "digit, at most 100, and not "
        + taken.map { "'\($0)'" }.joined(separator: ", ") + " or 'ablate.sqlite...'"

    /// Whether a new sweep may have this name.
    public static func allows(_ name: String) -> Bool {
        isHarmless(name) && !taken.contains(name.lowercased())
    }

    /// Whether a sweep of this name, found in a database, may be read: earlier versions took fewer
    /// names for themselves.
    public static func isHarmless(_ name: String) -> Bool {
        guard let first = name.first, first.isLetter || first.isNumber, name.count <= 100,
            name.utf8.count <= 200
        else { return false }
        let folded = name.lowercased()
        // SQLite keeps files beside the database: '-wal', '-shm', '-journal'.
        guard folded != "cache", !folded.hasPrefix("ablate.sqlite") else { return false }
        return name.allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) }
    }
}
