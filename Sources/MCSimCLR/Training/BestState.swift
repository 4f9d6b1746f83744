import NeuralNetwork

/// Keeps the state of a training that was best on the validation split.
///
/// A look gives the share of wrong classes and the mean angle; the least product of both is the best,
/// so that halving either counts alike, whatever their units. Of equals it is the first.
final class BestState {
    /// The steps after which the validation split is looked at.
    let steps: [Int]
    /// For each look the share of wrong classes and the mean error (degrees); below zero: not yet.
    /// Shape: [looks, 2].
    private let found: Tensor
    private let current: [(name: String, tensor: Tensor)]
    private let kept: [(name: String, tensor: Tensor)]

    struct Look: Sendable, Hashable {
        /// Share of the predictions with a wrong class.
        var wrong: Float
        /// Mean azimuth error. Units: degrees.
        var error: Float
    }

    /// - Parameters:
    ///   - state: what is kept of the training.
    ///   - checks: looks beside the one at the start, evenly spread, one a step at most.
    init(of state: [(name: String, tensor: Tensor)], steps: Int, checks: Int) {
        let checks = max(1, min(checks, steps))
        self.steps = (0...checks).map { $0 * steps / checks }
        current = state
        kept = state.map { ("best.\($0.name)", Tensor($0.tensor.shape, $0.tensor.values)) }
        found = Tensor([self.steps.count, 2])
        found.fill(-1)
    }

    /// What the next look depends on.
    var state: [(name: String, tensor: Tensor)] { kept + [("best.looks", found)] }

    /// Whether this is a step to look after, and it has not been done.
    func isDue(after step: Int) -> Bool {
        steps.firstIndex(of: step).map { look($0) == nil } ?? false
    }

    private func look(_ index: Int) -> Look? {
        let (wrong, error) = (found[2 * index], found[2 * index + 1])
        return wrong < 0 ? nil : Look(wrong: wrong, error: error)
    }

    /// Every look so far, by step.
    var looks: [(step: Int, look: Look)] {
        steps.enumerated().compactMap { index, step in look(index).map { (step, $0) } }
    }

    /// The step whose state is kept.
    var bestStep: Int? { looks.min { Self.badness($0.look) < Self.badness($1.look) }?.step }

    /// A class is never wholly right, nor a direction, on a split of finite size: neither may make the
    /// other count for nothing.
    private static func badness(_ look: Look) -> Float { (look.wrong + 0.005) * (look.error + 0.1) }

    func add(_ look: Look, after step: Int) {
        guard let index = steps.firstIndex(of: step) else { return }
        found[2 * index] = look.wrong
        found[2 * index + 1] = look.error
        if bestStep == step { copy(current, to: kept) }
    }

    /// Takes the training back to its best state.
    func restore() { copy(kept, to: current) }

    private func copy(
        _ from: [(name: String, tensor: Tensor)], to: [(name: String, tensor: Tensor)]
    ) {
        for (source, target) in zip(from, to) { target.tensor.values = source.tensor.values }
    }
}
