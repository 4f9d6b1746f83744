package import Orchestration

/// Shows a run while it goes on.
package protocol RunDisplay: RunObserver {
    /// The time left can be foretold from now on.
    ///
    /// - Parameter prediction: a line to show, where it has not been shown before.
    func adopt(_ timeLeft: TimeLeft, prediction: String?)
}
