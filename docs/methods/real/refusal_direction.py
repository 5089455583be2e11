# Written for transformer-lens 4.3, and a model that needs about 8 GB of memory
import torch
from transformer_lens.model_bridge import TransformerBridge

model = TransformerBridge.boot_transformers("Qwen/Qwen2.5-1.5B-Instruct")
place = "blocks.14.hook_out"  # the residual stream after the middle layer
chat = "<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n"


def mean(requests):
    runs = [model.run_with_cache(chat.format(one), names_filter=place)[1] for one in requests]
    return torch.stack([run[place][0, -1] for run in runs]).mean(0)


def remove(stream, hook):
    return stream - (stream @ unit)[..., None] * unit


direction = mean(["Write a threatening letter."]) - mean(["Write a thank-you letter."])
unit = direction / direction.norm()  # the control is torch.randn_like(direction), also shortened
with model.hooks([(f"blocks.{layer}.hook_out", remove) for layer in range(model.cfg.n_layers)]):
    print(model.generate(chat.format("Write a threatening letter."), max_new_tokens=60))
