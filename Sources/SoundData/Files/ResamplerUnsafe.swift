import CSoxr

/// Conversion between sample rates by the SoX resampler, high quality, one thread, block by block.
final class Resampler {
    private let from: Int
    private let to: Int
    /// nil where the rates are equal.
    private let handle: soxr_t?
    private var given = 0
    private var made = 0

    init(from: Int, to: Int) throws(AudioFileFault) {
        self.from = from
        self.to = to
        guard from != to else {
            handle = nil
            return
        }
        var quality = soxr_quality_spec(UInt(SOXR_HQ), 0)
        var failure: soxr_error_t?
        handle = soxr_create(Double(from), Double(to), 1, &failure, nil, &quality, nil)
        guard handle != nil else { throw Self.fault(failure) }
    }

    deinit { if let handle { soxr_delete(handle) } }

    /// Takes samples of one channel at the first rate; returns what is ready at the second.
    func add(_ block: [Float]) throws(AudioFileFault) -> [Float] {
        given += block.count
        guard handle != nil else {
            made += block.count
            return block
        }
        var result: [Float] = []
        var done = 0
        while done < block.count {
            let room = (block.count - done) * to / from + 4096
            done += try block.withUnsafeBufferPointer { input throws(AudioFileFault) in
                try process(
                    input.baseAddress.map { $0 + done }, block.count - done, room: room, &result)
            }
        }
        made += result.count
        return result
    }

    /// The rest: all together is as many samples as the duration has at the second rate, rounded up.
    func finish() throws(AudioFileFault) -> [Float] {
        let (whole, rest) = given.quotientAndRemainder(dividingBy: from)
        let wanted = whole * to + (rest * to + from - 1) / from
        var result: [Float] = []
        var before = -1
        while handle != nil, made + result.count < wanted, before != result.count {
            before = result.count
            let room = min(wanted - made - result.count, 1 << 16)
            _ = try process(nil, 0, room: room, &result)
        }
        // The last sample may be missing where the lengths do not divide.
        result += [Float](repeating: 0, count: max(0, wanted - made - result.count))
        made += result.count
        return result
    }

    /// nil ends the input. Adds to `result` and returns how many samples were taken.
    private func process(
        _ input: UnsafePointer<Float>?, _ count: Int, room: Int, _ result: inout [Float]
    ) throws(AudioFileFault) -> Int {
        var (taken, written) = (0, 0)
        var failure: soxr_error_t?
        result += [Float](unsafeUninitializedCapacity: room) { output, initialised in
            failure = soxr_process(
                handle, input, count, &taken, output.baseAddress, room, &written)
            initialised = failure == nil ? written : 0
        }
        guard failure == nil else { throw Self.fault(failure) }
        return taken
    }

    private static func fault(_ error: soxr_error_t?) -> AudioFileFault {
        let text = error.map { String(cString: $0) } ?? "out of memory"
        return AudioFileFault(.unreadable, "cannot be resampled (\(text))")
    }
}

extension Resampler {
    /// Shape: one channel in, one channel out.
    static func convert(_ samples: [Float], from: Int, to: Int) throws(AudioFileFault) -> [Float] {
        let resampler = try Resampler(from: from, to: to)
        return try resampler.add(samples) + resampler.finish()
    }
}
