import { detectorCard } from './evaluation/dissecting/detector-card.ts';
import { openLaboratory } from './evaluation/dissecting/laboratory.ts';
const lab = openLaboratory(Number(process.argv[2]));
const layer = { model: 'scene-clip-rn', site: 'vision.layer4.1.relu' };
console.log(detectorCard(await lab.dissect(layer), await lab.dissectShuffled(layer)));
await lab.close();
