// The parts of milsymbol that are used: its package exports them, but without types.
declare module "milsymbol/index.mjs" {
  interface Options {
    size: number;
    fillColor: string;
    infoFields: boolean;
    outlineColor: string;
    outlineWidth: number;
  }
  export const ms: {
    addIcons(set: unknown): void;
    Symbol: new (code: string, options: Options) => { isValid(): boolean; asCanvas(): HTMLCanvasElement };
  };
  export const numberair: unknown;
  export const numberlandunit: unknown;
  export const numberlandcivilian: unknown;
  export const numberlandequipment: unknown;
  export const numberlandinstallation: unknown;
  export const numbersea: unknown;
  export const numberactivites: unknown;
}
