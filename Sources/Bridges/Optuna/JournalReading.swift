import Foundation
import Sweeps

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
        case setTrialParameter = 5
        case setTrialStateValues = 6
        case setTrialUserAttribute = 8
    }

    struct Study {
        var name: String
        /// Values that are texts.
        var attributes: [String: String] = [:]
        /// The lines that created its trials, as they are written, by the digest of the trial; those without
        /// one are somebody else's.
        var trials: [String: String] = [:]
        var strangers = 0
        var metricNames: [String]?
        var objectives = 1
    }

    /// A trial as its lines have made it.
    struct Result {
        var study: Int
        /// Within its study.
        var number: Int
        var isComplete = false
        var parameters: [String: SettingValue] = [:]
        var values: [Double] = []
        var attributes: [String: SettingValue] = [:]
    }

    /// In the order of their numbers in the journal.
    private(set) var results: [Result] = []

    private(set) var studies: [Int: Study] = [:]
    private var nextStudy = 0
    private var counts: [Int: Int] = [:]
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
            studies[nextStudy] = Study(
                name: name, objectives: (log["directions"] as? [Any])?.count ?? 1)
            nextStudy += 1
        case .deleteStudy: studies[number] = nil
        case .setStudyUserAttribute:
            for (key, value) in log["user_attr"] as? [String: Any] ?? [:] {
                studies[number]?.attributes[key] = value as? String
            }
        case .createTrial:
            guard studies[number] != nil else { return }
            results.append(
                Result(study: number, number: counts[number, default: 0]))
            counts[number, default: 0] += 1
            change(results.count - 1, log)
            for (key, value) in log["params"] as? [String: Any] ?? [:] {
                let distributions = log["distributions"] as? [String: String]
                results[results.count - 1].parameters[key] = Self.value(
                    value, distributions?[key])
            }
            let attributes = log["user_attrs"] as? [String: Any]
            guard let digest = attributes?[OptunaExport.trialAttribute] as? String else {
                studies[number]?.strangers += 1
                return
            }
            studies[number]?.trials[digest] = String(decoding: line, as: UTF8.self)
        case .setStudySystemAttribute:
            let names = (log["system_attr"] as? [String: Any])?["study:metric_names"]
            if let names = names as? [String] { studies[number]?.metricNames = names }
        case .setTrialParameter, .setTrialStateValues, .setTrialUserAttribute:
            guard let trial = log["trial_id"] as? Int, results.indices.contains(trial) else {
                return
            }
            if let name = log["param_name"] as? String, let value = log["param_value_internal"] {
                results[trial].parameters[name] = Self.value(value, log["distribution"] as? String)
            }
            change(trial, log)
        case nil: return
        }
    }

    /// What a line says of a trial's state, values and attributes.
    private mutating func change(_ trial: Int, _ log: [String: Any]) {
        if let state = log["state"] as? Int { results[trial].isComplete = state == 1 }
        let values = (log["values"] as? [Double]) ?? (log["value"] as? Double).map { [$0] }
        if let values { results[trial].values = values }
        let attributes = (log["user_attrs"] ?? log["user_attr"]) as? [String: Any]
        for (key, value) in attributes ?? [:] {
            results[trial].attributes[key] = Self.value(value, nil)
        }
    }

    /// A value as Optuna hands it out: of categories the one with that number.
    private static func value(_ value: Any, _ distribution: String?) -> SettingValue {
        let text = distribution.flatMap { object(Data($0.utf8)) }
        let attributes = text?["attributes"] as? [String: Any]
        if let choices = attributes?["choices"] as? [Any], let index = value as? Int,
            choices.indices.contains(index)
        {
            return plain(choices[index])
        }
        return plain(value)
    }

    private static func plain(_ value: Any) -> SettingValue {
        guard let data = try? JSONSerialization.data(withJSONObject: [value]),
            let list = try? JSONDecoder().decode([SettingValue].self, from: data)
        else { return .null }
        return list.first ?? .null
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
