"""The smallest pipeline of each family that diffusers loads, random weights as safetensors.

Nothing is downloaded: tokenizers know single letters, networks are a few numbers wide. What is
tested with them is the code, not the pictures, which are noise.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

LETTERS = [chr(code) for code in range(ord("a"), ord("z") + 1)]
SAMPLE = 8
"""Latent pixels of a side."""
CHAT = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }} {{ message['content'] }}"
    "<|im_end|>{% endfor %}"
)


def save_tiny_pipeline(folder: Path, family: str = "stable-diffusion") -> Path:
    """A pipeline of a family of `FAMILIES`; needs no network."""
    import torch

    torch.manual_seed(3)
    model = folder / family
    FAMILIES[family](folder).save_pretrained(model, safe_serialization=True)
    return model


def save_tiny_depth(folder: Path, family: str = "stable-diffusion") -> Path:
    """A depth ControlNet for that family's tiny pipeline; its output isn't zero."""
    import torch

    torch.manual_seed(4)
    network = DEPTHS[family]()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.1)
    model = folder / f"{family}-depth"
    network.save_pretrained(model, safe_serialization=True)
    return model


def _stable_diffusion(folder: Path) -> Any:
    from diffusers import DDIMScheduler, StableDiffusionPipeline

    tokenizer = _clip_tokenizer(folder)
    return StableDiffusionPipeline(
        vae=_vae(4),
        text_encoder=_clip(tokenizer),
        tokenizer=tokenizer,
        unet=_unet().eval(),
        scheduler=DDIMScheduler(num_train_timesteps=50, steps_offset=1, clip_sample=False),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def sdxl_pipeline(
    folder: Path,
    *,
    unet: Mapping[str, Any] | None = None,
    vae: Mapping[str, Any] | None = None,
    clip: tuple[int, int] = (16, 16),
) -> Any:
    """Stable Diffusion XL at any size.

    unet, vae: what differs from the tiny networks. clip: width of both text encoders.
    """
    from diffusers import EulerDiscreteScheduler, StableDiffusionXLPipeline

    tokenizer = _clip_tokenizer(folder)
    levels = len((unet or UNET)["block_out_channels"])
    widths = {
        "cross_attention_dim": sum(clip),
        "projection_class_embeddings_input_dim": 8 * 6 + clip[1],
        "down_block_types": ("DownBlock2D",) + ("CrossAttnDownBlock2D",) * (levels - 1),
        "up_block_types": ("CrossAttnUpBlock2D",) * (levels - 1) + ("UpBlock2D",),
    }
    coders = len((vae or {"block_out_channels": (8, 8)})["block_out_channels"])
    blocks = {
        "down_block_types": ("DownEncoderBlock2D",) * coders,
        "up_block_types": ("UpDecoderBlock2D",) * coders,
    }
    return StableDiffusionXLPipeline(
        vae=_vae(4, **{**blocks, **(vae or {})}),
        text_encoder=_clip(tokenizer, width=clip[0]),
        text_encoder_2=_clip(tokenizer, projected=True, width=clip[1]),
        tokenizer=tokenizer,
        tokenizer_2=tokenizer,
        unet=_unet(**{**SDXL, **(unet or {}), **widths}).eval(),
        scheduler=EulerDiscreteScheduler(num_train_timesteps=50, steps_offset=1),
        add_watermarker=False,
    )


def _stable_diffusion_3(folder: Path) -> Any:
    from diffusers import (
        FlowMatchEulerDiscreteScheduler,
        SD3Transformer2DModel,
        StableDiffusion3Pipeline,
    )

    tokenizer = _clip_tokenizer(folder)
    return StableDiffusion3Pipeline(
        transformer=SD3Transformer2DModel(**SD3, out_channels=16).eval(),
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=_vae(16, shift_factor=0.06, scaling_factor=1.5, use_quant_conv=False),
        text_encoder=_clip(tokenizer, projected=True),
        tokenizer=tokenizer,
        text_encoder_2=_clip(tokenizer, projected=True),
        tokenizer_2=tokenizer,
        text_encoder_3=_t5(32),
        tokenizer_3=_t5_tokenizer(),
    )


def _flux(folder: Path) -> Any:
    from diffusers import (
        FlowMatchEulerDiscreteScheduler,
        FluxPipeline,
        FluxTransformer2DModel,
    )

    tokenizer = _clip_tokenizer(folder)
    return FluxPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=_vae(1, shift_factor=0.06, scaling_factor=1.5, use_quant_conv=False),
        text_encoder=_clip(tokenizer),
        tokenizer=tokenizer,
        text_encoder_2=_t5(),
        tokenizer_2=_t5_tokenizer(),
        transformer=FluxTransformer2DModel(**FLUX).eval(),
    )


def _flux2_klein(folder: Path) -> Any:
    from diffusers import (
        AutoencoderKLFlux2,
        FlowMatchEulerDiscreteScheduler,
        Flux2KleinPipeline,
        Flux2Transformer2DModel,
    )

    # The pipeline reads hidden layers 9, 18 and 27 of its text encoder.
    encoder, tokenizer = _qwen3(layers=28)
    return Flux2KleinPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=AutoencoderKLFlux2(
            block_out_channels=(4, 4),
            layers_per_block=1,
            latent_channels=1,
            norm_num_groups=1,
            sample_size=16,
            down_block_types=("DownEncoderBlock2D",) * 2,
            up_block_types=("UpDecoderBlock2D",) * 2,
        ).eval(),
        text_encoder=encoder,
        tokenizer=tokenizer,
        transformer=Flux2Transformer2DModel(
            patch_size=1,
            in_channels=4,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=24,
            timestep_guidance_channels=8,
            axes_dims_rope=(4, 4, 4, 4),
            guidance_embeds=False,
        ).eval(),
        is_distilled=True,
    )


def _z_image(folder: Path) -> Any:
    from diffusers import (
        FlowMatchEulerDiscreteScheduler,
        ZImagePipeline,
        ZImageTransformer2DModel,
    )

    encoder, tokenizer = _qwen3(layers=2)
    return ZImagePipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=_vae(4, shift_factor=0.0, scaling_factor=1.0, use_quant_conv=False),
        text_encoder=encoder,
        tokenizer=tokenizer,
        transformer=ZImageTransformer2DModel(
            in_channels=4,
            dim=16,
            n_layers=1,
            n_refiner_layers=1,
            n_heads=2,
            n_kv_heads=2,
            cap_feat_dim=8,
            axes_dims=[4, 2, 2],
            axes_lens=[512, 64, 64],
        ).eval(),
    )


def _qwen_image(folder: Path) -> Any:
    from diffusers import (
        AutoencoderKLQwenImage,
        FlowMatchEulerDiscreteScheduler,
        QwenImagePipeline,
        QwenImageTransformer2DModel,
    )
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

    tokenizer = _qwen_tokenizer()
    text = {
        "vocab_size": len(tokenizer),
        "hidden_size": 16,
        "intermediate_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "rope_scaling": {"mrope_section": [1, 1, 2], "rope_type": "default", "type": "default"},
        "rope_theta": 1_000_000.0,
        "bos_token_id": 0,
        "eos_token_id": 1,
        "pad_token_id": 0,
    }
    vision = {
        "depth": 1,
        "hidden_size": 16,
        "intermediate_size": 16,
        "num_heads": 2,
        "out_hidden_size": 16,
        "fullatt_block_indexes": [0],
    }
    config = Qwen2_5_VLConfig(text_config=text, vision_config=vision)
    return QwenImagePipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=AutoencoderKLQwenImage(
            base_dim=8,
            z_dim=4,
            dim_mult=[1, 1],
            num_res_blocks=1,
            temperal_downsample=[False],
            latents_mean=[0.0] * 4,
            latents_std=[1.0] * 4,
        ).eval(),
        text_encoder=Qwen2_5_VLForConditionalGeneration(config).eval(),
        tokenizer=tokenizer,
        transformer=QwenImageTransformer2DModel(
            patch_size=2,
            in_channels=16,
            out_channels=4,
            num_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=16,
            axes_dims_rope=(8, 4, 4),
        ).eval(),
    )


def _pixart_sigma(folder: Path) -> Any:
    from diffusers import (
        DPMSolverMultistepScheduler,
        PixArtSigmaPipeline,
        PixArtTransformer2DModel,
    )

    return PixArtSigmaPipeline(
        tokenizer=_t5_tokenizer(),
        text_encoder=_t5(),
        vae=_vae(4),
        transformer=PixArtTransformer2DModel(
            sample_size=32,
            num_layers=1,
            patch_size=2,
            attention_head_dim=4,
            num_attention_heads=2,
            in_channels=4,
            out_channels=8,
            caption_channels=16,
            cross_attention_dim=8,
            num_embeds_ada_norm=50,
            norm_elementwise_affine=False,
            use_additional_conditions=False,
        ).eval(),
        scheduler=DPMSolverMultistepScheduler(num_train_timesteps=50),
    )


UNET: Mapping[str, Any] = {
    "in_channels": 4,
    "block_out_channels": (8, 16),
    "layers_per_block": 1,
    "norm_num_groups": 4,
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
    "cross_attention_dim": 16,
    "attention_head_dim": 4,
}
SDXL: Mapping[str, Any] = {
    "cross_attention_dim": 32,
    "attention_head_dim": (2, 4),
    "use_linear_projection": True,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 8,
    "transformer_layers_per_block": (1, 1),
    "projection_class_embeddings_input_dim": 8 * 6 + 16,
}
SD3: Mapping[str, Any] = {
    "sample_size": 32,
    "patch_size": 2,
    "in_channels": 16,
    "num_layers": 2,
    "attention_head_dim": 8,
    "num_attention_heads": 2,
    "caption_projection_dim": 16,
    "joint_attention_dim": 32,
    "pooled_projection_dim": 32,
    "pos_embed_max_size": 96,
}
FLUX: Mapping[str, Any] = {
    "patch_size": 1,
    "in_channels": 4,
    "num_layers": 1,
    "num_single_layers": 1,
    "attention_head_dim": 16,
    "num_attention_heads": 2,
    "joint_attention_dim": 16,
    "pooled_projection_dim": 16,
    "axes_dims_rope": [4, 4, 8],
}
FAMILIES: Mapping[str, Callable[[Path], Any]] = {
    "stable-diffusion": _stable_diffusion,
    "stable-diffusion-xl": sdxl_pipeline,
    "stable-diffusion-3": _stable_diffusion_3,
    "flux": _flux,
    "flux2-klein": _flux2_klein,
    "z-image": _z_image,
    "qwenimage": _qwen_image,
    "pixart-sigma": _pixart_sigma,
}


def _controlnet(**changes: Any) -> Any:
    from diffusers import ControlNetModel

    return ControlNetModel(
        **{**UNET, **changes},
        conditioning_embedding_out_channels=(8, 16),
    ).eval()


def _sd3_controlnet() -> Any:
    from diffusers import SD3ControlNetModel

    return SD3ControlNetModel(**{**SD3, "num_layers": 1}, out_channels=16).eval()


def _flux_controlnet() -> Any:
    from diffusers import FluxControlNetModel

    return FluxControlNetModel(**FLUX).eval()


DEPTHS: Mapping[str, Callable[[], Any]] = {
    "stable-diffusion": _controlnet,
    "stable-diffusion-xl": lambda: _controlnet(**SDXL),
    "stable-diffusion-3": _sd3_controlnet,
    "flux": _flux_controlnet,
}


def _unet(**changes: Any) -> Any:
    from diffusers import UNet2DConditionModel

    values = {"up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"), **UNET, **changes}
    return UNet2DConditionModel(sample_size=SAMPLE, out_channels=4, **values)


def _vae(channels: int, **changes: Any) -> Any:
    from diffusers import AutoencoderKL

    values: dict[str, Any] = {
        "block_out_channels": (8, 8),
        "in_channels": 3,
        "out_channels": 3,
        "down_block_types": ("DownEncoderBlock2D",) * 2,
        "up_block_types": ("UpDecoderBlock2D",) * 2,
        "latent_channels": channels,
        "norm_num_groups": 4,
        "sample_size": 16,
    }
    if not changes.get("use_quant_conv", True):
        values["use_post_quant_conv"] = False
    return AutoencoderKL(**{**values, **changes}).eval()


def _clip(tokenizer: Any, *, projected: bool = False, width: int = 16) -> Any:
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=width,
        projection_dim=width,
        intermediate_size=width,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=77,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )
    kind = CLIPTextModelWithProjection if projected else CLIPTextModel
    return kind(config).eval()


def _t5(width: int = 16) -> Any:
    from transformers import T5Config, T5EncoderModel

    config = T5Config(vocab_size=64, d_model=width, d_kv=8, d_ff=16, num_layers=1, num_heads=2)
    return T5EncoderModel(config).eval()


def _qwen3(layers: int) -> tuple[Any, Any]:
    from transformers import Qwen3Config, Qwen3ForCausalLM

    tokenizer = _qwen_tokenizer()
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=8,
        intermediate_size=8,
        num_hidden_layers=layers,
        num_attention_heads=2,
        num_key_value_heads=2,
        head_dim=4,
        bos_token_id=0,
        eos_token_id=1,
        pad_token_id=0,
    )
    return Qwen3ForCausalLM(config).eval(), tokenizer


def _clip_tokenizer(folder: Path) -> Any:
    from transformers import CLIPTokenizer

    made = folder / "made-tokenizer"
    made.mkdir(parents=True, exist_ok=True)
    vocabulary = [*LETTERS, *(f"{letter}</w>" for letter in LETTERS), ",</w>", ".</w>"]
    vocabulary += ["<|startoftext|>", "<|endoftext|>"]
    (made / "vocab.json").write_text(json.dumps({w: i for i, w in enumerate(vocabulary)}))
    (made / "merges.txt").write_text("#version: 0.2\n")
    return CLIPTokenizer.from_pretrained(made, model_max_length=77)


def _t5_tokenizer() -> Any:
    from transformers import T5Tokenizer

    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", -1.0), ("▁", -2.0)]
    pieces += [(letter, -3.0) for letter in LETTERS]
    return T5Tokenizer(vocab=pieces, extra_ids=0, model_max_length=77)


def _qwen_tokenizer() -> Any:
    from transformers import Qwen2Tokenizer

    words = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *LETTERS, "Ġ", "Ċ", ",", "."]
    tokenizer = Qwen2Tokenizer(vocab={word: i for i, word in enumerate(words)}, merges=[])
    tokenizer.chat_template = CHAT
    return tokenizer
