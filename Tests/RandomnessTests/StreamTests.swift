import Randomness
import Testing

@Suite("Stream")
struct StreamTests {
    @Test("Philox 4x32-10 gives the known answers of Random123")
    func knownAnswers() {
        #expect(
            philox4x32(counter: .zero, key: .zero)
                == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
        #expect(
            philox4x32(
                counter: SIMD4(repeating: 0xffff_ffff), key: SIMD2(repeating: 0xffff_ffff))
                == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
        #expect(
            philox4x32(
                counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
                key: SIMD2(0xa409_3822, 0x299f_31d0))
                == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
    }

    @Test("seed, name and each index name their own stream; the same name repeats it")
    func names() {
        func head(_ stream: Stream) -> [UInt64] {
            var stream = stream
            return (0..<4).map { _ in stream.next() }
        }
        let heads = [
            head(Stream(0, "a")), head(Stream(1, "a")), head(Stream(0, "b")),
            head(Stream(0, "a", 1)), head(Stream(0, "a", 1, 2)), head(Stream(0, "a", 12)),
            head(Stream(0, "a", 2, 1)), head(Stream(0, "a", 0)), head(Stream(0, "a", -1)),
        ]
        #expect(Set(heads).count == heads.count)
        #expect(head(Stream(7, "batch", 3)) == head(Stream(7, "batch", 3)))
    }

    @Test("uniform numbers have the mean, the variance and the range of U(0, 1)")
    func uniformMoments() {
        var stream = Stream(1, "uniform")
        let values = (0..<100_000).map { _ in stream.uniform() }
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count)
        #expect(abs(mean - 0.5) < 0.004)  // four standard errors
        #expect(abs(variance - 1.0 / 12) < 0.001)
        #expect(values.allSatisfy { 0 <= $0 && $0 < 1 })
    }

    @Test("normal numbers have mean 0, variance 1 and kurtosis 3")
    func normalMoments() {
        var stream = Stream(2, "normal")
        let values = (0..<100_000).map { _ in stream.normal() }
        let count = Double(values.count)
        let fourth = values.map { $0 * $0 * $0 * $0 }.reduce(0, +) / count
        #expect(abs(values.reduce(0, +) / count) < 0.013)
        #expect(abs(values.map { $0 * $0 }.reduce(0, +) / count - 1) < 0.018)
        #expect(abs(fourth - 3) < 0.13)
    }

    @Test("every order of three comes up equally often")
    func permutations() {
        var stream = Stream(3, "order")
        var counts: [[Int]: Int] = [:]
        for _ in 0..<6000 { counts[stream.permutation(3), default: 0] += 1 }
        #expect(counts.count == 6)
        #expect(counts.values.allSatisfy { abs($0 - 1000) < 120 })
    }
}
