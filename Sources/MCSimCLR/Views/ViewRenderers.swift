import NeuralNetwork
import Platform

/// A ``ViewRenderer`` for each thread of a team: views are drawn independently of one another.
final class ViewRenderers {
    private let renderers: ThreadLanes<ViewRenderer>
    /// Floats of one view: channels x frames x bins.
    let size: Int

    /// - Parameter patchFrames: (pooled) frames of a view.
    init(_ maps: FeatureMaps, patchFrames: Int) throws {
        // What is at fault with the settings shows with the first.
        var first: ViewRenderer? = try ViewRenderer(maps, patchFrames: patchFrames)
        size = maps.channels * patchFrames * maps.bins
        renderers = ThreadLanes {
            defer { first = nil }
            guard let renderer = first ?? (try? ViewRenderer(maps, patchFrames: patchFrames)) else {
                preconditionFailure("settings that were good once are not any more")
            }
            return renderer
        }
    }

    /// Draws views, one a row.
    ///
    /// - Parameter plans: which ones belong to an item, and their rows; called on several threads at once.
    func render(
        _ count: Int, into target: Tensor, _ team: ThreadTeam,
        plans: @escaping (_ item: Int) -> [(row: Int, plan: ViewPlan)]
    ) {
        let size = size
        target.withUnsafeMutableBuffer { buffer in
            team.perform(count, renderers) { item, renderer in
                for (row, plan) in plans(item) {
                    renderer.render(
                        plan,
                        into: UnsafeMutableBufferPointer(
                            rebasing: buffer[row * size..<(row + 1) * size]))
                }
            }
        }
    }

    /// Draws one view a row. Shape of target: [plans, channels, frames, bins].
    func render(_ plans: [ViewPlan], into target: Tensor, _ team: ThreadTeam) {
        render(plans.count, into: target, team) { [(row: $0, plan: plans[$0])] }
    }
}
