import Acoustics
import Platform

/// Which recordings a bank holds and where, known before any of them is made.
struct BankPlan: Sendable {
    struct Slot: Sendable {
        let clip: Int
        let spatialisation: Int
        /// Samples a channel.
        let sampleCount: Int
        let offset: Int
    }

    let slots: [Slot]
    /// The slots of one clip, which are made one after the other so that it is decoded once.
    let units: [Range<Int>]
    /// Where the samples end and the index begins.
    let end: Int

    init(_ dataSet: SoundDataSet, _ settings: BankSettings) {
        var slots: [Slot] = []
        var units: [Range<Int>] = []
        var offset = BankFile.samplesOffset
        let rate = Double(settings.sampleRate)
        for (index, clip) in dataSet.clips.enumerated() where settings.splits.contains(clip.split) {
            // A recording of a real room exists once, however often others are simulated.
            let count = dataSet.isSpatial ? 1 : settings.spatialisations[clip.split]
            let seconds = min(max(clip.seconds, settings.minimumSeconds), settings.maximumSeconds)
            let sampleCount = Int((seconds * rate).rounded())
            units.append(slots.count..<(slots.count + count))
            for spatialisation in 0..<count {
                slots.append(
                    Slot(
                        clip: index, spatialisation: spatialisation, sampleCount: sampleCount,
                        offset: offset))
                let bytes = sampleCount * settings.array.count * MemoryLayout<Int16>.size
                offset += (bytes + BankFile.alignment - 1) / BankFile.alignment * BankFile.alignment
            }
        }
        self.slots = slots
        self.units = units
        end = offset
    }
}

/// What a bank will be, for a plan: known without making it.
public struct BankPrediction: Sendable, Hashable {
    public var clips: Int
    public var recordings: Int
    /// Size of the samples; the index adds about half a kilobyte a recording.
    public var bytes: Int
    /// Length of all recordings together. Units: seconds.
    public var seconds: Double

    public init(_ dataSet: SoundDataSet, _ settings: BankSettings) {
        let plan = BankPlan(dataSet, settings)
        clips = plan.units.count
        recordings = plan.slots.count
        bytes = plan.end
        seconds =
            plan.slots.reduce(0) { $0 + Double($1.sampleCount) } / Double(settings.sampleRate)
    }

    /// How many recordings one thread makes in a second, measured by making some from all over the
    /// data set until `budget` is used up (one at least).
    ///
    /// - Parameter isCancelled: asked before every recording.
    ///
    /// Throws: errors of the settings, as the build itself would; ``SoundDataError/cancelled``.
    public static func measuredRate(
        _ dataSet: SoundDataSet, _ settings: BankSettings, rooms: RoomResponses? = nil,
        budget: Duration = .milliseconds(300),
        isCancelled: () -> Bool = { false }
    ) throws -> Double {
        try settings.validate()
        let units = BankPlan(dataSet, settings)
        let maker = RecordingMaker(dataSet, settings, rooms)
        let order = Array(stride(from: 0, to: units.units.count, by: 7))
        let clock = ContinuousClock()
        var made = 0
        // The first one pays for plans and buffers that all share.
        for unit in order.prefix(1) {
            _ = try? maker.make(units.slots[units.units[unit].lowerBound])
        }
        let start = clock.now
        let (_, seconds) = try ProcessorAccount.measure {
            for unit in order {
                for slot in units.units[unit] {
                    if isCancelled() { throw SoundDataError.cancelled }
                    _ = try maker.make(units.slots[slot])
                    made += 1
                }
                if made > 0, clock.now - start > budget { break }
            }
        }
        return Double(made) / max(seconds, 1e-9)
    }
}
