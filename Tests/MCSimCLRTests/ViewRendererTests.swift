import Foundation
import MCSimCLR
import SoundData
import Testing

@Suite("View renderer")
struct ViewRendererTests {
    private static let patchFrames = 32
    private static let size = 32 * 32

    private func view(_ plan: ViewPlan, isKept: Bool = true) throws -> [Float] {
        let renderer = try ViewRenderer(
            SmallBank.maps(isKept: isKept), patchFrames: Self.patchFrames)
        return [Float](unsafeUninitializedCapacity: renderer.size) { buffer, count in
            renderer.render(plan, into: buffer)
            count = renderer.size
        }
    }

    private func channel(_ map: [Float], _ index: Int) -> [Float] {
        Array(map[index * Self.size..<(index + 1) * Self.size])
    }

    @Test("maps kept in memory and maps computed for the patch have the same bits")
    func keptOrComputed() throws {
        let plan = ViewPlan(recording: 3, firstFrame: 11)
        #expect(try view(plan, isKept: true) == view(plan, isKept: false))
    }

    @Test("over the training split mel channels have deviation 1, GCC channels the weight")
    func normalisation() throws {
        let maps = try SmallBank.maps(isKept: true)
        var sums = [Double](repeating: 0, count: 10)
        var squares = sums
        var count = 0.0
        for recording in SmallBank.bank.indices(for: .training) {
            for firstFrame in [0, 32] where firstFrame + 32 <= maps.frames[recording] {
                let map = try view(ViewPlan(recording: recording, firstFrame: firstFrame))
                for index in map.indices {
                    sums[index / Self.size] += Double(map[index])
                    squares[index / Self.size] += Double(map[index]) * Double(map[index])
                }
                count += Double(Self.size)
            }
        }
        for channel in 0..<10 {
            let mean = sums[channel] / count
            let deviation = (squares[channel] / count - mean * mean).squareRoot()
            let weight = channel < 4 ? 1 : 0.2
            #expect(abs(mean) < 0.02)
            #expect(abs(deviation / weight - 1) < 0.02)
        }
    }

    @Test("reordering maps and reordering waveforms give the same view")
    func swapOfMapsOrWaveforms() throws {
        // Interference at -300 dB forces the way through the waveforms and adds nothing.
        for order in [[1, 2, 3, 0], [0, 3, 2, 1], [2, 1, 0, 3]] {
            var maps = ViewPlan(recording: 5, firstFrame: 4)
            maps.microphones = order
            var waveforms = maps
            waveforms.interference = .init(recording: 6, firstFrame: 0, level: 300)
            let difference = try zip(view(maps), view(waveforms)).map { abs($0 - $1) }.max() ?? 1
            #expect(difference < 2e-3)
        }
    }

    @Test("mixup keeps the level asked for between the two recordings")
    func mixupLevel() throws {
        let plain = ViewPlan(recording: 5, firstFrame: 4)
        var loud = plain
        loud.interference = .init(recording: 6, firstFrame: 0, level: -60)
        var other = ViewPlan(recording: 6, firstFrame: 0)
        other.interference = nil
        // With the second recording 60 dB above the first, only the second is left to see: its mel
        // maps differ by a constant gain alone, which is a constant in dB.
        let (mixed, alone) = (try view(loud), try view(other))
        let differences = (0..<4).flatMap { zip(channel(mixed, $0), channel(alone, $0)).map(-) }
        let mean = differences.reduce(0, +) / Float(differences.count)
        let spread = differences.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
        #expect((spread / Float(differences.count)).squareRoot() < 0.15)
    }

    @Test("a masked channel is zero and the others are untouched")
    func mask() throws {
        var plan = ViewPlan(recording: 2, firstFrame: 0)
        let whole = try view(plan)
        plan.droppedChannels = [1, 7]
        let masked = try view(plan)
        for index in 0..<10 {
            let expected =
                [1, 7].contains(index)
                ? [Float](repeating: 0, count: Self.size) : channel(whole, index)
            #expect(channel(masked, index) == expected)
        }
    }

    @Test("a crop of everything changes nothing")
    func wholeCrop() throws {
        var plan = ViewPlan(recording: 2, firstFrame: 0)
        let whole = try view(plan)
        plan.timeCrop = CropWindow(start: 0, length: 32)
        plan.frequencyCrop = CropWindow(start: 0, length: 32)
        let difference = try zip(view(plan), whole).map { abs($0 - $1) }.max() ?? 1
        #expect(difference < 1e-5)
    }

    @Test(
        "half a crop doubles time: between two frames lies their mean; lags stay unless asked for")
    func halfCrop() throws {
        var plan = ViewPlan(recording: 2, firstFrame: 0)
        let whole = try view(plan)
        plan.timeCrop = CropWindow(start: 8, length: 16)
        plan.frequencyCrop = CropWindow(start: 0, length: 16)
        let cropped = try view(plan)
        // Frame 16 + 1/2 of the result is frame 16 of the patch (8 + 16.5 / 2 - 0.5 = 15.75).
        for bin in 0..<32 {
            let below = whole[9 * Self.size + 15 * 32 + bin]
            let above = whole[9 * Self.size + 16 * 32 + bin]
            let expected = below + 0.75 * (above - below)
            #expect(abs(cropped[9 * Self.size + 16 * 32 + bin] - expected) < 1e-4)
        }
        plan.cropsLags = true
        #expect(try channel(view(plan), 9) != channel(cropped, 9))
        #expect(try channel(view(plan), 0) == channel(cropped, 0))
    }

    @Test(
        "a recording mixed with itself is louder by what the level says, and comes from where it did"
    )
    func mixupWithItself() throws {
        let plain = ViewPlan(recording: 5, firstFrame: 4)
        let scale = try SmallBank.maps(isKept: true).normalisation.scale
        let alone = try view(plain)
        for level in [0.0, 6, 12] {
            var mixed = plain
            mixed.interference = .init(recording: 5, firstFrame: 4, level: level)
            let found = try view(mixed)
            let louder = Float(20 * log10(1 + pow(10, -level / 20)))
            for index in 0..<10 {
                let expected = channel(alone, index).map {
                    $0 + (index < 4 ? louder * scale[index] : 0)
                }
                let difference = zip(channel(found, index), expected).map { abs($0 - $1) }.max()
                #expect((difference ?? 1) < 5e-3, "level \(level), channel \(index)")
            }
        }
    }

    @Test("what is mixed in keeps its microphones when the recording's are reordered")
    func mixupAfterSwap() throws {
        var plan = ViewPlan(recording: 5, firstFrame: 4)
        plan.microphones = [1, 2, 3, 0]
        plan.interference = .init(recording: 6, firstFrame: 9, level: -80)
        let alone = try view(ViewPlan(recording: 6, firstFrame: 9))
        let mixed = try view(plan)
        for index in 4..<10 {
            let difference = zip(channel(mixed, index), channel(alone, index))
                .map { abs($0 - $1) }.reduce(0, +)
            #expect(difference / Float(Self.size) < 0.01)
        }
    }

    /// The value between the points of a row that lie left and right of a place in it.
    private func between(_ row: [Float], _ place: Double) -> Float {
        let below = min(Int(place), row.count - 1)
        let above = min(below + 1, row.count - 1)
        return row[below] + Float(place - Double(below)) * (row[above] - row[below])
    }

    @Test("a crop shows its window in full size: every channel in time, mel channels in frequency")
    func cropOfEveryChannel() throws {
        let whole = try view(ViewPlan(recording: 7, firstFrame: 3))
        for cropsLags in [false, true] {
            var plan = ViewPlan(recording: 7, firstFrame: 3)
            let (time, frequency) = (
                CropWindow(start: 5.25, length: 19.5), CropWindow(start: 7.5, length: 21)
            )
            plan.timeCrop = time
            plan.frequencyCrop = frequency
            plan.cropsLags = cropsLags
            let cropped = try view(plan)
            /// Point k of 32 lies in the middle of the k-th part of the window.
            func place(_ point: Int, _ window: CropWindow) -> Double {
                let middle = window.start + (Double(point) + 0.5) * window.length / 32 - 0.5
                return min(max(middle, window.start), window.start + window.length - 1)
            }
            var largest: Float = 0
            for index in 0..<10 {
                let rows = (0..<32).map { frame in
                    Array(channel(whole, index)[frame * 32..<(frame + 1) * 32])
                }
                for frame in 0..<32 {
                    let at = place(frame, time)
                    let (below, above) = (rows[Int(at)], rows[min(Int(at) + 1, 31)])
                    let row = (0..<32).map { bin in
                        below[bin] + Float(at.truncatingRemainder(dividingBy: 1))
                            * (above[bin] - below[bin])
                    }
                    for bin in 0..<32 {
                        let expected =
                            index < 4 || cropsLags ? between(row, place(bin, frequency)) : row[bin]
                        let found = cropped[index * Self.size + frame * 32 + bin]
                        largest = max(largest, abs(found - expected))
                    }
                }
            }
            #expect(largest < 1e-4)
        }
    }
}
