/// What can be wrong with a sweep file; the words are in `SweepProblem+Wording.swift`.
enum SweepProblem {
    // The text.
    case unreadable(reason: String)
    case tooLarge(limit: Int)
    case notUTF8(offset: Int)
    case empty
    case controlCharacter(UInt32)
    case tab
    case yaml(String, context: String?)
    case tooMuch(depth: Int, nodes: Int)
    case unknownTag(String)
    case keyNotText
    case mergeNotMap(found: String)
    case duplicateKey(String, firstLine: Int?)
    case missingBlank(MissingBlank)
    case twoSpellings(String)

    // Names.
    case notAMap(place: String, found: String)
    case unknownKey(String, place: String, allowed: [String], belongs: String?)
    case unknownName(String, what: String, allowed: [String])
    case badName(String)

    // Values.
    case value(name: String, found: String, rule: String, nearest: String?)
    case repeatedItem(name: String, item: String)
    case emptyList(name: String, remedy: String)
    case rangeReversed(name: String, found: String)
    case optionWhereSubset(name: String, option: String)
    /// A word from elsewhere, with what to write in its place.
    case foreignWord(String, place: String, advice: String)
    case interpolation(name: String, found: String)
    case conflictingKeys(String, String, name: String)
    case conflict(String)
    case missing(String, place: String, remedy: String)

    // Designs.
    case setMissing(design: String, subsets: [String])
    case setSeveral(design: String, name: String, count: Int)
    case setEmpty(design: String, name: String)
    case setTooLarge(design: String, count: Int, limit: Int)
    case intervalNeedsRandom(name: String)
    case intervalKind(name: String, rule: String)
    case unequalLengths([(key: String, count: Int)])
    case tooFewPoints(found: Int, wanted: Int)
    case nothingLeft

    // Overrides.
    case overrideWithoutEquals
    case overridePath(String, allowed: [String], meant: String?)
    case overrideOfParameter(String)
    case overrideComment(String)

    // What nothing reads.
    case dataNotRead(key: String, found: String, chosen: [String], reading: [String])
    case withoutEffect(key: String, found: String)
    case exclusionWithoutMatch(String)

    // The whole.
    case tooManyRows(String, limit: Int)
    case baselineNotThere(found: String, isLabel: Bool, rows: [String])
}

extension SweepProblem {
    /// A key that a place does not have.
    static func key(
        _ key: String, place: String, allowed: [String], belongs: String?, advice: String?
    ) -> SweepProblem {
        if let advice { return .foreignWord(key, place: place, advice: advice) }
        return .unknownKey(key, place: place, allowed: allowed, belongs: belongs)
    }
}
