import Foundation

/// A learning rate that rises linearly to `peak` and then falls to zero along half a cosine
/// (arXiv 1608.03983 without restarts).
public struct CosineSchedule: Sendable, Codable, Hashable {
    public var peak: Double
    public var warmUpSteps: Int
    public var totalSteps: Int

    public init(peak: Double, warmUpSteps: Int, totalSteps: Int) {
        self.peak = peak
        self.warmUpSteps = warmUpSteps
        self.totalSteps = totalSteps
    }

    /// The rate of a step, counted from 0. The first step's rate is already above zero.
    public func learningRate(step: Int) -> Double {
        if step < warmUpSteps { return peak * Double(step + 1) / Double(warmUpSteps) }
        let length = max(1, totalSteps - warmUpSteps)
        let progress = min(1, Double(step - warmUpSteps) / Double(length))
        return peak * 0.5 * (1 + cos(.pi * progress))
    }
}
