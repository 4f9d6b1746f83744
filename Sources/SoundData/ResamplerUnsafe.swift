import CSoxr

/// Conversion between sample rates by the SoX resampler, high quality, one thread, block by block.
final class Resampler {
    private let from: Int
    private let to: Int
    /// nil where the rates are equal.
    private let handle: soxr_t?
    private var samples: [Float] = []
    private var given = 0

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

    /// Adds samples of one channel at the first rate.
    func add(_ block: [Float]) throws(AudioFileFault) {
        given += block.count
        guard handle != nil else {
            samples += block
            return
        }
        var done = 0
        while done < block.count {
            let room = block.count * to / from + 4096
            let read = try block.withUnsafeBufferPointer { input throws(AudioFileFault) in
                try process(input.baseAddress.map { $0 + done }, block.count - done, room: room)
            }
            done += read
        }
    }

    /// What came of all of it: as many samples as the duration has at the second rate, rounded up.
    func finish() throws(AudioFileFault) -> [Float] {
        guard handle != nil else { return samples }
        let (whole, rest) = given.quotientAndRemainder(dividingBy: from)
        let wanted = whole * to + (rest * to + from - 1) / from
        var before = -1
        while samples.count < wanted, before != samples.count {
            before = samples.count
            _ = try process(nil, 0, room: min(wanted - samples.count, 1 << 16))
        }
        // The last sample may be missing where the lengths do not divide.
        if samples.count < wanted {
            samples += [Float](repeating: 0, count: wanted - samples.count)
        } else if samples.count > wanted {
            samples.removeLast(samples.count - wanted)
        }
        return samples
    }

    /// nil ends the input. Returns how many samples were taken.
    private func process(
        _ input: UnsafePointer<Float>?, _ count: Int, room: Int
    ) throws(AudioFileFault) -> Int {
        var (taken, made) = (0, 0)
        var failure: soxr_error_t?
        samples += [Float](unsafeUninitializedCapacity: room) { output, written in
            failure = soxr_process(
                handle, input, count, &taken, output.baseAddress, room, &made)
            written = failure == nil ? made : 0
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
        try resampler.add(samples)
        return try resampler.finish()
    }
}
