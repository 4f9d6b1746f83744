import Files
import Foundation
import SoundData

/// What the store keeps of a sweep's sounds: written when it is registered, read by tables and
/// reports.
struct EventFacts: Sendable {
    var classNames: [String]
    /// The group of each clip, as a number; empty where every clip is a group of its own.
    var clipGroups: [Int]

    init(_ dataSet: SoundDataSet) {
        classNames = dataSet.classes
        var numbers: [String: Int] = [:]
        clipGroups = dataSet.clips.map { clip in
            let number = numbers[clip.group] ?? numbers.count
            numbers[clip.group] = number
            return number
        }
        if numbers.count == clipGroups.count { clipGroups = [] }
    }

    /// From the facts of a sweep in the store; an older store has none of these.
    init(_ facts: [String: String]) {
        func decode<Value: Decodable>(_ type: Value.Type, _ key: String) -> Value? {
            facts[key].flatMap { try? JSONDecoder().decode(type, from: Data($0.utf8)) }
        }
        classNames = decode([String].self, "class_names") ?? []
        clipGroups = decode([Int].self, "clip_groups") ?? []
    }

    /// As the store keeps them; what is empty is left out.
    var encoded: [String: String] {
        var facts: [String: String] = [:]
        if !classNames.isEmpty { facts["class_names"] = try? SortedJSON.text(of: classNames) }
        if !clipGroups.isEmpty { facts["clip_groups"] = try? SortedJSON.text(of: clipGroups) }
        return facts
    }
}
