import Foundation

/// Moves a response by a number of samples that need not be whole.
enum DelayedResponse {
    /// Samples on each side that a part of a sample of delay takes.
    static let reach = 32

    /// A response later by `delay`, within `count` samples; what would be earlier than the first is cut off.
    ///
    /// Parts of a sample by a sinc under a Hann window of twice ``reach`` samples (Laakso et al. 1996,
    /// doi:10.1109/79.482137).
    static func delay(_ response: ArraySlice<Float>, by delay: Double, count: Int) -> [Float] {
        var result = [Float](repeating: 0, count: count)
        let whole = delay.rounded(.down)
        let part = delay - whole
        let start = Int(whole)
        if part < 1e-9 {
            for (index, value) in response.enumerated() where start + index < count {
                result[start + index] = value
            }
            return result
        }
        let taps = (1 - reach...reach).map { tap -> Double in
            let time = Double(tap) - part
            let window = 0.5 + 0.5 * cos(.pi * time / Double(reach))
            return window * sin(.pi * time) / (.pi * time)
        }
        var sums = [Double](repeating: 0, count: count)
        for (index, value) in response.enumerated() where value != 0 {
            for (place, tap) in taps.enumerated() {
                let target = start + index + place + 1 - reach
                if target >= 0, target < count { sums[target] += Double(value) * tap }
            }
        }
        for index in 0..<count { result[index] = Float(sums[index]) }
        return result
    }
}
