import Digests
import Foundation
import MCSimCLR
import SoundData

/// Banks, feature maps and heads that the workers of a process share: the first to need one makes it while
/// the others that need the same one wait.
final class SharedResources: Sendable {
    private let banks = Shelf<RecordingBank>(capacity: 8)
    private let maps = Shelf<FeatureMaps>(capacity: 2)
    private let testMaps = Shelf<FeatureMaps>(capacity: 2)
    /// Small: kilobytes each. A trial's probe and fine-tuning may be many stages apart.
    private let heads = Shelf<TrackHeads>(capacity: 256)

    func bank(_ digest: Digest, make: () throws -> RecordingBank) throws -> RecordingBank {
        try banks.value(for: digest.description, make: make)
    }

    func maps(_ name: String, make: () throws -> FeatureMaps) throws -> FeatureMaps {
        try maps.value(for: name, make: make)
    }

    func heads(_ name: String, make: () throws -> TrackHeads) throws -> TrackHeads {
        try heads.value(for: name, make: make)
    }

    func testMaps(_ name: String, make: () throws -> FeatureMaps) throws -> FeatureMaps {
        try testMaps.value(for: name, make: make)
    }
}

/// Keeps the most recently used values by name, each made once.
///
/// A value that has left the shelf lives on for as long as somebody holds it.
private final class Shelf<Value: Sendable>: @unchecked Sendable {
    private enum Slot {
        case making
        case ready(Value)
    }

    // Guards the two below.
    private let condition = NSCondition()
    private var slots: [String: Slot] = [:]
    private var recency: [String] = []
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    func value(for name: String, make: () throws -> Value) throws -> Value {
        condition.lock()
        while true {
            switch slots[name] {
            case .ready(let value):
                touch(name)
                condition.unlock()
                return value
            case .making:
                condition.wait()
                continue
            case nil:
                slots[name] = .making
            }
            break
        }
        condition.unlock()
        let result = Result { try make() }
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        switch result {
        case .success(let value):
            slots[name] = .ready(value)
            touch(name)
            return value
        case .failure(let error):
            // Nothing is remembered: the next who asks tries again.
            slots[name] = nil
            throw error
        }
    }

    private func touch(_ name: String) {
        recency.removeAll { $0 == name }
        recency.append(name)
        while recency.count > capacity { slots[recency.removeFirst()] = nil }
    }
}
