import Foundation

/// What a journal of Optuna says, as far as an export needs to know: which studies there are, and which lines
/// made their trials.
///
/// The numbers of studies and trials are nowhere written: they follow from the order of the lines, and go on
/// when a study is deleted.
struct JournalReading {
    /// The operations of `JournalOperation` that are read or written here.
    enum Operation: Int {
        case createStudy = 0
        case deleteStudy = 1
        case setStudyUserAttribute = 2
        case setStudySystemAttribute = 3
        case createTrial = 4
    }

    struct Study {
        var name: String
        /// Values that are texts.
        var attributes: [String: String] = [:]
        /// The lines that created its trials, as they are written, by the digest of the trial; those without
        /// one are somebody else's.
        var trials: [String: String] = [:]
        var strangers = 0
    }

    private(set) var studies: [Int: Study] = [:]
    private var nextStudy = 0
    /// Where the last whole line ends.
    private(set) var end = 0

    /// The number that the next study will have.
    var nextNumber: Int { nextStudy }

    /// Throws: ``BridgesError/notAJournal(path:line:)``.
    init(_ data: Data, path: String) throws {
        end = (data.lastIndex(of: 0x0A).map { $0 + 1 } ?? data.startIndex) - data.startIndex
        var number = 0
        for line in data.prefix(end).split(separator: 0x0A) {
            number += 1
            guard let log = Self.object(Data(line)), let code = log["op_code"] as? Int else {
                throw BridgesError.notAJournal(path: path, line: number)
            }
            apply(code, log, line)
        }
        if end == 0, !data.isEmpty { throw BridgesError.notAJournal(path: path, line: 1) }
    }

    func number(ofStudy name: String) -> Int? { studies.first { $0.value.name == name }?.key }

    private mutating func apply(_ code: Int, _ log: [String: Any], _ line: Data) {
        let number = log["study_id"] as? Int ?? -1
        switch Operation(rawValue: code) {
        case .createStudy:
            guard let name = log["study_name"] as? String,
                !studies.values.contains(where: { $0.name == name })
            else { return }
            studies[nextStudy] = Study(name: name)
            nextStudy += 1
        case .deleteStudy: studies[number] = nil
        case .setStudyUserAttribute:
            for (key, value) in log["user_attr"] as? [String: Any] ?? [:] {
                studies[number]?.attributes[key] = value as? String
            }
        case .createTrial:
            let attributes = log["user_attrs"] as? [String: Any]
            guard let digest = attributes?[OptunaExport.trialAttribute] as? String else {
                studies[number]?.strangers += 1
                return
            }
            studies[number]?.trials[digest] = String(decoding: line, as: UTF8.self)
        case .setStudySystemAttribute, nil: return
        }
    }

    /// Python writes numbers into JSON that JSON does not have.
    private static func object(_ line: Data) -> [String: Any]? {
        if let object = try? JSONSerialization.jsonObject(with: line) {
            return object as? [String: Any]
        }
        var text = ""
        var isQuoted = false
        var isEscaped = false
        var word = ""
        for character in String(decoding: line, as: UTF8.self) {
            if isQuoted {
                if !isEscaped, character == "\"" { isQuoted = false }
                isEscaped = !isEscaped && character == "\\"
                text.append(character)
            } else if character.isLetter || character == "-" && word.isEmpty {
                word.append(character)
            } else {
                text += ["NaN", "Infinity", "-Infinity"].contains(word) ? "null" : word
                word = ""
                isQuoted = character == "\""
                text.append(character)
            }
        }
        return try? JSONSerialization.jsonObject(with: Data((text + word).utf8)) as? [String: Any]
    }
}
