import Foundation
import Orchestration
import Synchronization
import Trials

/// Tells a display how long a run will take: at once where every kind of stage has been measured,
/// else after a calibration that runs beside the first stages.
final class RunTiming: Sendable {
    private let display: any RunDisplay
    private let workers: Int
    private let seconds = Mutex<Double?>(nil)
    let isComplete: Bool

    init(_ forecast: RunForecast, workers: Int, display: any RunDisplay) {
        self.display = display
        self.workers = workers
        isComplete = forecast.unmeasured.isEmpty || forecast.isCalibrated
        if isComplete { adopt(forecast, prediction: nil) }
    }

    /// nil while it is not known.
    var predictedSeconds: Double? { seconds.withLock { $0 } }

    /// Calibrates on a thread of its own. A calibration that fails leaves the time left unknown; the
    /// run itself will meet the same fault and report it.
    func complete(_ session: SweepSession, forecast: @escaping @Sendable () throws -> RunForecast) {
        let thread = Thread { [self] in
            guard let complete = try? forecast() else { return }
            let summary = PlanSummary(session, forecast: complete, workers: workers)
            adopt(complete, prediction: summary.prediction)
        }
        thread.stackSize = 8 << 20
        thread.start()
    }

    private func adopt(_ forecast: RunForecast, prediction: String?) {
        seconds.withLock { $0 = forecast.times.seconds }
        display.adopt(
            TimeLeft(forecast.plan, rates: forecast.rates, workers: workers),
            prediction: prediction)
    }
}
