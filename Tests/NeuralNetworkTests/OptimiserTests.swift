import Foundation
import NeuralNetwork
import Testing

@Suite("Optimiser and schedule")
struct OptimiserTests {
    @Test("Adam's first two steps, worked by hand")
    func adam() {
        let parameter = Parameter("w", Tensor([1], [1]))
        let adam = Adam([parameter], AdamConfiguration(epsilon: 0.5))
        parameter.gradient.fill(2)
        adam.step(learningRate: 0.1)
        // Both corrected moments equal the gradient's: 0.1 * 2 / (2 + 0.5).
        #expect(abs(parameter.value[0] - 0.92) < 1e-6)
        parameter.gradient.fill(-1)
        adam.step(learningRate: 0.1)
        let mean = (0.9 * 0.2 - 0.1) / (1 - 0.81)
        let square = (0.999 * 0.004 + 0.001) / (1 - 0.998001)
        let expected = 0.92 - 0.1 * mean / (square.squareRoot() + 0.5)
        #expect(abs(Double(parameter.value[0]) - expected) < 1e-6)
        #expect(adam.steps == 2)
    }

    @Test("weight decay takes its share of the learning rate off weights, not off biases")
    func decay() {
        let weight = Parameter("w", Tensor([1, 2], [1, -3]))
        let bias = Parameter("b", Tensor([2], [1, -3]))
        let adam = Adam([weight, bias], AdamConfiguration(weightDecay: 0.5))
        // Without a gradient nothing else moves them.
        adam.step(learningRate: 0.2)
        adam.step(learningRate: 0.2)
        for (value, expected) in zip(weight.value.values, [Float(0.81), -2.43]) {
            #expect(abs(value - expected) < 1e-6)
        }
        #expect(bias.value.values == [1, -3])
    }

    @Test("going on from a saved state gives the same bits")
    func resume() throws {
        func make() -> (Parameter, Adam) {
            let parameter = Parameter("w", Tensor([37], numbers(37, seed: 1)))
            return (parameter, Adam([parameter], AdamConfiguration()))
        }
        func step(_ parameter: Parameter, _ adam: Adam, _ seed: UInt64) {
            parameter.gradient.values = numbers(37, seed: seed)
            adam.step(learningRate: 0.01)
            adam.zeroGradients()
        }
        let (whole, first) = make()
        for seed in 2..<8 { step(whole, first, UInt64(seed)) }
        let (begun, second) = make()
        for seed in 2..<5 { step(begun, second, UInt64(seed)) }
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(
            "adam-\(UUID().uuidString).safetensors")
        defer { try? FileManager.default.removeItem(at: url) }
        try Checkpoint.write(
            second.state + [("w", begun.value)], metadata: ["steps": "\(second.steps)"], to: url)
        let contents = try Checkpoint.read(url)
        let (resumed, third) = make()
        try contents.load(into: [("w", resumed.value)])
        try third.loadState(contents, steps: Int(contents.metadata["steps"]!)!)
        for seed in 5..<8 { step(resumed, third, UInt64(seed)) }
        #expect(resumed.value.values == whole.value.values)
        #expect(resumed.gradient.values.allSatisfy { $0 == 0 })
    }

    @Test("the schedule rises to its peak and falls to zero along half a cosine")
    func schedule() {
        let schedule = CosineSchedule(peak: 2, warmUpSteps: 4, totalSteps: 24)
        #expect(schedule.learningRate(step: 0) == 0.5)
        #expect(schedule.learningRate(step: 3) == 2)
        #expect(schedule.learningRate(step: 4) == 2)
        #expect(abs(schedule.learningRate(step: 14) - 1) < 1e-12)
        #expect(schedule.learningRate(step: 24) < 1e-12)
        #expect(CosineSchedule(peak: 2, warmUpSteps: 0, totalSteps: 10).learningRate(step: 0) == 2)
    }
}
