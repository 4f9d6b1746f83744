import MCSimCLR

// What tests say of settings and plans in one word.

extension AugmentationSettings {
    var channelSwapMode: ChannelSwap.Mode {
        get { channelSwap.mode }
        set { channelSwap.mode = newValue }
    }

    var channelSwapViews: ChannelSwap.Views {
        get { channelSwap.views }
        set { channelSwap.views = newValue }
    }

    var mixupLevel: ClosedRange<Double> {
        get { mixup.level }
        set { mixup.level = newValue }
    }

    var cropTime: ClosedRange<Double> {
        get { randomResizedCrop.time }
        set { randomResizedCrop.time = newValue }
    }

    var cropFrequency: ClosedRange<Double> {
        get { randomResizedCrop.frequency }
        set { randomResizedCrop.frequency = newValue }
    }

    var cropsLags: Bool {
        get { randomResizedCrop.lags }
        set { randomResizedCrop.lags = newValue }
    }
}

extension ViewPlan {
    var microphones: [Int]? {
        get { drawn.channelSwap?.microphones }
        set { drawn.channelSwap = newValue.map(ChannelSwap.Draw.init) }
    }

    var interference: Mixup.Draw? {
        get { drawn.mixup }
        set { drawn.mixup = newValue }
    }

    var timeCrop: CropWindow? {
        get { drawn.randomResizedCrop?.time }
        set { crop { if let newValue { $0.time = newValue } } }
    }

    var frequencyCrop: CropWindow? {
        get { drawn.randomResizedCrop?.frequency }
        set { crop { if let newValue { $0.frequency = newValue } } }
    }

    var cropsLags: Bool {
        get { drawn.randomResizedCrop?.lags ?? false }
        set { crop { $0.lags = newValue } }
    }

    var droppedChannels: [Int] {
        get { drawn.channelDrop?.channels ?? [] }
        set { drawn.channelDrop = ChannelDrop.Draw(channels: newValue) }
    }

    /// Of a map of 32 frames and bins, as the small bank has them.
    private mutating func crop(_ change: (inout RandomResizedCrop.Draw) -> Void) {
        let whole = CropWindow(start: 0, length: 32)
        var crop = drawn.randomResizedCrop ?? .init(time: whole, frequency: whole)
        change(&crop)
        drawn.randomResizedCrop = crop
    }
}
