import type { runtimeEn } from './runtime-en.ts';

/** 運算所在的裝置，以及裝置出狀況時的說明。 */
export const runtimeZhHant: typeof runtimeEn = {
  fallback_lost: '顯示卡沒有回應了。原本進行中的工作已改由處理器（WASM）重新開始，結果相同，您的內容都還在。',
  fallback_full:
    '顯示卡的記憶體用完了。原本進行中的工作已改由處理器（WASM）重新開始，結果相同，您的內容都還在。',
  fallback_differs:
    '在一項小測試中，顯示卡算出的數字和處理器不同，因此這個模型不採用顯示卡的結果，改由處理器（WASM）繼續。',
  classes: '模型認為這是什麼',
  className: '類別',
  classNumber: ({ number }) => `第 ${number} 類`,
  classInside: '不比全灰的圖片高',
  classesHint: ({ count, uniform }) =>
    `在 ${count} 個類別中的機率；隨機時每類是 ${uniform}。灰色帶是一張全灰圖片得到的機率。在這個分頁裡，模型以自己的輸入尺寸讀您的圖片；連結裡帶的是縮成 192 × 192 的版本。`,
  classesUnnamed: '這個模型的資料夾沒有類別名稱，所以只列編號。',
  tryAgain: '再試一次 WebGPU',
};
