import Foundation
import Orchestration
import Platform
import Studies
import Synchronization

/// Tells a display how long a run will take: at once where every kind of stage has been measured,
/// else after a calibration that runs beside the first stages.
final class RunTiming: Sendable {
    private let display: any RunDisplay
    private let workers: Int
    private let threads: Int
    private let seconds = Mutex<Double?>(nil)
    private let calibration = Mutex<WorkThread?>(nil)
    private let hasEnded = Atomic(false)
    let isComplete: Bool

    init(_ forecast: RunForecast, workers: Int, threads: Int, display: any RunDisplay) {
        self.display = display
        self.workers = workers
        self.threads = threads
        isComplete = forecast.unmeasured.isEmpty || forecast.isCalibrated
        if isComplete { adopt(forecast, prediction: nil) }
    }

    /// nil while it is not known.
    var predictedSeconds: Double? { seconds.withLock { $0 } }

    /// Calibrates on a thread of its own. A calibration that fails, or that no thread can be had
    /// for, leaves the time left unknown; the run itself will meet the same fault and report it.
    ///
    /// - Parameter forecast: calibrates; throws when what it is given says so.
    func complete(
        _ session: SweepSession,
        forecast:
            @escaping @Sendable (_ isCancelled: @escaping @Sendable () -> Bool) throws ->
            RunForecast
    ) {
        let started = try? WorkThread(
            name: "calibration", cancel: stop,
            body: { [self] in
                guard let complete = try? forecast({ [self] in isOver }), !isOver,
                    complete.isCalibrated
                else { return }
                let summary = PlanSummary(session, forecast: complete, workers: workers)
                adopt(complete, prediction: summary.prediction)
            })
        calibration.withLock { $0 = started }
    }

    /// The run is over: nothing has to be foretold any more.
    func end() {
        stop()
        calibration.withLock { $0 }?.join()
    }

    private var isOver: Bool { hasEnded.load(ordering: .relaxed) }

    private func stop() { hasEnded.store(true, ordering: .relaxed) }

    private func adopt(_ forecast: RunForecast, prediction: String?) {
        seconds.withLock { $0 = forecast.times.seconds }
        display.adopt(
            TimeLeft(forecast.plan, rates: forecast.rates, workers: workers, threads: threads),
            prediction: prediction)
    }
}
