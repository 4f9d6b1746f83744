import Acoustics
import Digests
public import Foundation
import Platform
import Synchronization

extension RecordingBank {
    /// Makes the bank, or opens it where it is there already and whole.
    ///
    /// A build that was stopped or killed is gone on with. The bytes do not depend on the number of
    /// threads. `progress` is told (recordings done, recordings in all), one call at a time, from
    /// any thread. Every clip was decoded when the data set was looked at: one that cannot be read now
    /// is a fault, as is one whose file has changed.
    ///
    /// - Parameter rooms: those that the settings name; nil where they name none.
    ///
    /// Throws: ``SoundDataError``; after ``SoundDataError/cancelled`` the work so far is kept, after
    /// ``SoundDataError/diskFull(path:bytes:)`` nothing is left behind.
    public static func build(
        _ dataSet: SoundDataSet, _ settings: BankSettings, rooms: RoomResponses? = nil,
        at url: URL, threads: Int = 1,
        progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in },
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> RecordingBank {
        try settings.validate()
        let digest = digest(dataSet, settings)
        if let bank = try whole(url, digest) { return bank }
        let plan = BankPlan(dataSet, settings)
        let part = try BankPartFile(url, bytes: plan.end, isCancelled: isCancelled)
        // Another process may have finished the bank while this one waited for its part file.
        if let bank = try whole(url, digest) {
            part.discard()
            return bank
        }
        let kept = try part.begin(digest, slots: plan.slots, microphones: settings.array.count)
        let work = BankWork(plan: plan, kept: kept, part: part, progress: progress)
        let threads = max(1, min(threads, plan.units.count))
        Parallel.perform(iterations: threads, threads: threads) { _ in
            work.run(RecordingMaker(dataSet, settings, rooms), isCancelled: isCancelled)
        }
        let recordings = try work.result()
        try part.finish(
            digest,
            BankFile.Index(
                classes: dataSet.classes, settings: settings, recordings: recordings,
                unreadable: []))
        return try open(url, expecting: digest, verifyingSamples: false)
    }

    /// The bank, if it is there and as it was written.
    ///
    /// Throws: faults of the machine, for which a new bank is no remedy.
    private static func whole(_ url: URL, _ digest: Digest) throws -> RecordingBank? {
        do {
            return try open(url, expecting: digest)
        } catch SoundDataError.bankMissing, SoundDataError.bankDamaged,
            SoundDataError.bankOfOtherContent
        {
            return nil
        }
    }
}

/// What the threads of a build share.
private final class BankWork: Sendable {
    private struct State {
        var nextUnit = 0
        var recordings: [Recording?]
        var done: Int
        var failure: (any Error)?
    }

    private let plan: BankPlan
    private let part: BankPartFile
    private let progress: @Sendable (Int, Int) -> Void
    private let state: Mutex<State>

    init(
        plan: BankPlan, kept: [Int: Recording], part: BankPartFile,
        progress: @escaping @Sendable (Int, Int) -> Void
    ) {
        self.plan = plan
        self.part = part
        self.progress = progress
        state = Mutex(
            State(recordings: plan.slots.indices.map { kept[$0] }, done: kept.count))
    }

    /// Makes recordings, clip by clip, until there are no more.
    func run(_ maker: RecordingMaker, isCancelled: () -> Bool) {
        while let missing = nextUnit() {
            do {
                for slot in missing {
                    if isCancelled() { throw SoundDataError.cancelled }
                    let (recording, samples) = try maker.make(plan.slots[slot])
                    try part.write(samples, at: recording.offset)
                    try note(recording, slot: slot)
                }
            } catch {
                state.withLock { $0.failure = $0.failure ?? error }
            }
        }
    }

    func result() throws -> [Recording] {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            return state.recordings.compactMap { $0 }
        }
    }

    /// The slots of the next clip that are still to be made.
    private func nextUnit() -> [Int]? {
        state.withLock { state in
            while state.failure == nil, state.nextUnit < plan.units.count {
                let unit = state.nextUnit
                state.nextUnit += 1
                let missing = plan.units[unit].filter { state.recordings[$0] == nil }
                if !missing.isEmpty { return missing }
            }
            return nil
        }
    }

    private func note(_ recording: Recording, slot: Int) throws {
        try state.withLock { state in
            try part.note(recording, slot: slot)
            state.recordings[slot] = recording
            state.done += 1
            progress(state.done, plan.slots.count)
        }
    }
}
