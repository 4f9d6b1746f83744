import CSoxr

/// Conversion between sample rates by the SoX resampler, high quality, one thread.
enum Resampler {
    /// Shape: one channel in, one channel out, `samples.count * to / from` samples, rounded up.
    static func convert(_ samples: [Float], from: Int, to: Int) throws(AudioFileFault) -> [Float] {
        guard from != to, !samples.isEmpty else { return samples }
        let wanted = (samples.count * to + from - 1) / from
        var quality = soxr_quality_spec(UInt(SOXR_HQ), 0)
        var failure: String?
        let converted = [Float](unsafeUninitializedCapacity: wanted) { output, count in
            var done = 0
            let fault = samples.withUnsafeBufferPointer { input in
                soxr_oneshot(
                    Double(from), Double(to), 1, input.baseAddress, input.count, nil,
                    output.baseAddress, wanted, &done, nil, &quality, nil)
            }
            if let fault { failure = String(cString: fault) }
            // The last sample may be missing where the lengths do not divide.
            for index in done..<max(done, wanted) { output[index] = 0 }
            count = wanted
        }
        if let failure { throw AudioFileFault(reason: "cannot be resampled (\(failure))") }
        return converted
    }
}
