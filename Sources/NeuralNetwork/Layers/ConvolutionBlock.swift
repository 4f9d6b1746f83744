import Platform
import Randomness

/// Convolution without bias, BatchNorm, rectifier, max-pooling.
///
/// Shape: maps [n, channels, frames, bins], inside the network with channels innermost.
final class ConvolutionBlock {
    let weight: Parameter
    let norm: BatchNormState
    let inputChannels: Int
    let outputChannels: Int
    let kernelSize: Int
    let pool: (height: Int, width: Int)
    /// Zeros around the output: what the next block's kernel reaches beyond the map.
    let outputBorder: Int

    let output: ActivationMap
    /// The gradient of the input after ``backward(_:)``.
    let inputGradient: ActivationMap
    var input: ActivationMap?
    /// The convolution's result. Shape: [n, height * width, stride].
    let convolved = Tensor([0])
    let choices = Tensor([0])
    let peaks = Tensor([0])
    private(set) var keepsChoices = true
    private(set) var keepsPeaks = true
    /// Weights with output channels innermost. Shape: [kernel, kernel, inputChannels, stride].
    let packedWeights = Tensor([0])
    let packedGradient = Tensor([0])
    let patches = Tensor([0])
    let convolvedGradient: ActivationMap
    /// Shape: [n, stride].
    let exampleMeans = Tensor([0])
    let exampleSquares = Tensor([0])
    /// Who computes. What a pass gives does not depend on how many they are.
    var team = ThreadTeam()
    /// The first block needs no gradient of its input, which allows shorter ways for the rest.
    let isFirst: Bool
    /// Whether the plain kernels are used in place of the fast ones.
    var usesReference = false
    let correlation: PatchCorrelation?
    let sparseGradient: SparseWeightGradient?
    /// The correlation of patches times the weights. Shape: [patch, outputChannels].
    var correlatedWeights: [Double] = []
    /// Weights in panels. Shape: [kernel, kernel, input stride, stride].
    let panels = Tensor([0])
    /// Rotated weights in panels, for the input's gradient. Shape: [kernel, kernel, stride, input stride].
    let rotatedPanels = Tensor([0])
    let winograd: Winograd?
    let fusedWinograd: FusedWinograd?
    /// Room for each thread.
    let tiles = ThreadLanes { WinogradTiles() }
    let fusedTiles: ThreadLanes<FusedWinograd.Tiles>?
    /// Room for each chunk of examples of a backward pass that is under way at once.
    let rooms = ThreadLanes { WinogradTiles() }

    convenience init(
        inputChannels: Int, outputChannels: Int, kernelSize: Int, pool: [Int], outputBorder: Int,
        isFirst: Bool, name: String, initialisation stream: inout Stream
    ) {
        let weight = Parameter(
            "\(name).conv.weight",
            Initialisation.uniform(
                [outputChannels, inputChannels, kernelSize, kernelSize],
                fan: inputChannels * kernelSize * kernelSize, &stream))
        self.init(
            weight, BatchNormState(channels: outputChannels, name: "\(name).bn"),
            pool: (pool[0], pool[1]), outputBorder: outputBorder, isFirst: isFirst)
    }

    /// The parameters and statistics of another one, with room of its own: one for another thread.
    convenience init(sharing other: ConvolutionBlock) {
        self.init(
            other.weight, BatchNormState(sharing: other.norm), pool: other.pool,
            outputBorder: other.outputBorder, isFirst: other.isFirst)
        usesReference = other.usesReference
    }

    private init(
        _ weight: Parameter, _ norm: BatchNormState, pool: (height: Int, width: Int),
        outputBorder: Int, isFirst: Bool
    ) {
        self.weight = weight
        self.norm = norm
        let (outputChannels, inputChannels) = (weight.value.shape[0], weight.value.shape[1])
        let kernelSize = weight.value.shape[2]
        self.inputChannels = inputChannels
        self.outputChannels = outputChannels
        self.kernelSize = kernelSize
        self.pool = pool
        self.outputBorder = outputBorder
        self.isFirst = isFirst
        correlation =
            isFirst ? PatchCorrelation(channels: inputChannels, kernelSize: kernelSize) : nil
        sparseGradient =
            isFirst
            ? SparseWeightGradient(inputs: inputChannels, kernelSize: kernelSize) : nil
        let stride = paddedChannels(outputChannels)
        winograd =
            kernelSize == 3 && !isFirst
            ? Winograd(
                inputs: paddedChannels(inputChannels), outputs: stride) : nil
        fusedWinograd =
            kernelSize == 3 && isFirst && FusedWinograd.fits(pool: self.pool)
            ? FusedWinograd(inputs: inputChannels, outputs: stride) : nil
        fusedTiles = fusedWinograd.map { fused in ThreadLanes { fused.makeTiles() } }
        let nothing = MapLayout(height: 0, width: 0, channels: 0, stride: 0)
        output = ActivationMap(nothing)
        inputGradient = ActivationMap(nothing)
        convolvedGradient = ActivationMap(nothing)
    }

    var parameters: [Parameter] { [weight, norm.weight, norm.bias] }
    var buffers: [LayerBuffer] { [norm.runningMean, norm.runningVariance] }

    /// Floats from one position of the output to the next.
    var stride: Int { paddedChannels(outputChannels) }

    /// - Parameter isContinued: whether the weights are those of the call before, so that they need
    ///   not be packed again.
    func callAsFunction(
        _ input: ActivationMap, mode: Mode, isContinued: Bool = false
    ) -> ActivationMap {
        self.input = input
        let layout = input.layout
        output.prepare(
            examples: input.examples,
            layout: MapLayout(
                height: layout.height / pool.height, width: layout.width / pool.width,
                channels: outputChannels, stride: stride, border: outputBorder))
        keepsChoices = mode == .training
        guard keepsChoices else { return pass(input, mode: mode, isContinued: isContinued) }
        choices.resize([input.examples, output.layout.positions * stride / 4])
        keepsPeaks = usesReference || !norm.isInvertible
        if keepsPeaks { peaks.resize([input.examples, output.layout.positions * stride]) }
        return pass(input, mode: mode, isContinued: isContinued)
    }

    private func pass(
        _ input: ActivationMap, mode: Mode, isContinued: Bool
    ) -> ActivationMap {
        if usesReference {
            forwardReference(input, mode: mode)
        } else {
            if !isContinued { packWeights(for: input.layout, mode: mode) }
            forward(input, mode: mode)
        }
        return output
    }

    /// Adds to the parameters' gradients. The gradient given is changed.
    ///
    /// Shape: gradient as the output, without border.
    func backward(_ gradient: ActivationMap) {
        guard let input else { preconditionFailure("backward before a forward pass") }
        norm.gradientSum.fill(0)
        norm.gradientProductSum.fill(0)
        // Each channel's sums go through the examples in their order: threads share the channels.
        let width = team.likelyThreads == 1 ? stride : 16
        team.perform(stride / width) { [self] group, _ in
            for example in 0..<input.examples {
                rectifierAndSums(
                    gradient.pointer(example), targets: targets(example),
                    channels: group * width..<(group + 1) * width,
                    sum: norm.gradientSum.base, productSum: norm.gradientProductSum.base)
            }
        }
        norm.finishBackward(
            count: input.examples * input.layout.positions, sumsOutputs: !keepsPeaks)
        if usesReference {
            backwardReference(gradient, input)
        } else if isFirst {
            backwardFirst(gradient, input)
        } else {
            backwardOther(gradient, input)
        }
    }
}
